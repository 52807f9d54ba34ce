"""The panel of the loss surface: in 3-D, or as a profile where the slice is a line."""

import numpy as np
import streamlit as st

from playground import figures
from playground.pages.look import draw, theme
from playground.stage import Scene, losses_along, surface_of

SIDE = 41  # points a side
LOSSES = {"train": "training loss", "test": "test loss", "batch": "loss of the mini-batch"}


def panel(scene: Scene, step: int) -> None:
    """Draw the slice of the landscape that the stage shows, at a step."""
    state = scene.run.at(step)
    surface = surface_of(scene, scene.look, state, SIDE)
    path = np.column_stack([surface.path, losses_along(scene, scene.look, state)])
    words = _line(scene, surface, path) if surface.slice.is_line else _plane(scene, surface, path)
    st.caption(f"At step {step:,}. {words}")


def loss_title(scene: Scene) -> str:
    """Which loss the slice shows, in words."""
    training = scene.run.training
    bent = scene.look.penalty and (training.l1 or training.l2)
    return LOSSES[scene.look.of] + (" with penalty" if bent else "")


def _plane(scene: Scene, surface: object, path: np.ndarray) -> str:
    title_a, title_b = surface.slice.titles
    figure = figures.surface_3d(
        *(surface.a, surface.b, surface.losses, path, path[-1]),
        theme=theme(),
        title_a=title_a,
        title_b=title_b,
        title_loss=loss_title(scene),
        revision=f"{scene.name} {scene.look}",
    )
    draw(figure, "Loss surface in 3-D")
    return figures.describe_surface(surface.a, surface.b, surface.losses, path[-1], title_a=title_a, title_b=title_b)


def _line(scene: Scene, surface: object, path: np.ndarray) -> str:
    title, path, losses = surface.slice.titles[0], path[:, [0, 2]], surface.losses[:, 0]
    figure = figures.profile(
        *(surface.a, losses, path, path[-1]),
        theme=theme(),
        title=title,
        title_loss=loss_title(scene),
        revision=f"{scene.name} {scene.look}",
    )
    draw(figure, "Loss along a line")
    return figures.describe_profile(surface.a, losses, path[-1], title=title)
