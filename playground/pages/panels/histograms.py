"""The panel of weights and gradients, layer by layer."""

import streamlit as st

from playground import figures
from playground.engine import gradient
from playground.pages.look import draw, theme
from playground.stage import Scene


def panel(scene: Scene, step: int) -> None:
    """Draw the weights of every layer, and the gradients of the training loss, at a step."""
    run, theta = scene.run, scene.run.at(step).theta
    _, training = run.rule(step)
    _, g = gradient(run.network, training, theta, run.x, run.y)
    weights, gradients = ([w.ravel() for w, _ in run.network.layers(vector)] for vector in (theta, g))
    draw(figures.histograms(weights, gradients, theme=theme()), "Weights and gradients")
    st.caption(f"At step {step:,}. {figures.describe_histograms(weights, gradients)}")
