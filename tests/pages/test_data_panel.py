"""The panel of the data tells what the network is given, in numbers that can be computed anew."""

from unittest.mock import patch

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from playground.data import load, write_points
from playground.experiment import dataset_of
from playground.pages.panels import trial
from playground.validation import Outcome, cross_validate, leak, spread, with_leak
from tests.pages.test_panels import captions, panel, said


def section(name: str, query: dict[str, str] | None = None) -> AppTest:
    return panel("Data", query).segmented_control(key="data section").set_value(name).run()


def finished(app: AppTest, name: str) -> AppTest:
    app.button(key=f"start {name}").click().run()
    while not app.session_state[name].settled:
        app.run()
    assert not app.exception
    return app


def experiment_of(app: AppTest):
    return app.session_state["scene"].experiment


@pytest.mark.parametrize("name", ["Parts", "Scaling", "Leakage", "k folds"])
@pytest.mark.parametrize(
    "query",
    [{}, {"data": "digits"}, {"data": "diabetes", "scaling": "robust", "validation": "20"}, {"data": "wave"}],
)
def test_every_section_runs(name, query):
    assert not section(name, query).exception


def test_the_parts_are_counted_by_class():
    app = section("Parts", {"data": "wine", "validation": "20"})
    app.selectbox(key="labels").set_value("20").run()
    data, shown = experiment_of(app).data, app.dataframe[0].value
    parts = {"Training": data.train, "Label hidden": data.unlabelled, "Validation": data.validation, "Test": data.test}
    for name, part in parts.items():
        counts = np.bincount(part.y, minlength=3)
        assert shown[name].tolist() == [*counts, len(part.y)]
        np.testing.assert_allclose(shown[f"of {name.lower()}"], [*(counts / counts.sum()), 1])
    assert "in every part, before labels are hidden, as far" in said(app)
    assert f"the labels of {len(data.unlabelled.y)} are hidden" in said(app)


def test_without_labels_classes_are_clusters():
    app = section("Parts", {"data": "iris", "labels": "0"})
    assert app.dataframe[0].value["Class"].tolist() == ["cluster 1", "cluster 2", "cluster 3", "all"]
    assert "All labels are hidden" in said(app)
    assert "each true class keeps its share" in said(app)
    assert "The clusters, found after that, need not be even." in said(app)
    assert "The furthest any share is off" not in said(app)


@pytest.mark.parametrize("data", ["blobs", "plane"])
def test_drawn_points_go_to_the_parts_in_turn(data):
    app = section("Parts", {"data": "drawn", "points": write_points(load(data, 60)), "loss": "mse"})
    assert not app.exception
    assert "go to the parts in turn, as they are drawn" in said(app)
    assert not any(word in said(app) for word in ("by lot", "stratified"))
    assert "by lot" in said(section("Parts", {"data": "plane", "loss": "mse"}))


def test_the_scaling_table_tells_what_was_and_what_is_seen():
    app = section("Scaling", {"data": "iris", "scaling": "min-max"})
    data, shown = experiment_of(app).data, app.dataframe[0].value
    np.testing.assert_allclose(shown["Raw mean"], data.train.points.mean(0))
    np.testing.assert_allclose(shown["Raw dev."], data.train.points.std(0))
    np.testing.assert_allclose(shown["Test mean"], data.test.x.mean(0))
    assert set(shown["Seen range"]) == {"0 to 1"}
    assert "**Min–max** is on" in said(app)
    assert "of the training part alone" in said(app)


def test_the_leak_is_told_in_training_deviations():
    app = section("Leakage", {"data": "iris"})
    found, _ = leak(experiment_of(app), dataset_of(experiment_of(app).config))
    np.testing.assert_allclose(app.dataframe[0].value["Off by deviations"], found.shift)
    assert f"{abs(found.shift).max():.3g} training deviations" in said(app)
    app = finished(app, "leak trial")
    experiment = experiment_of(app)
    steps = app.session_state["leak trial"].steps
    legs = with_leak(experiment, dataset_of(experiment.config), steps)
    expected = [leg.test.loss for leg in legs if isinstance(leg, Outcome)]
    assert app.dataframe[1].value["Test loss"].tolist() == expected
    assert "not to be trusted" in said(app)


def test_without_scaling_nothing_can_leak():
    app = section("Leakage", {"data": "iris", "scaling": "none"})
    assert "nothing to leak" in said(app)
    assert not app.dataframe


def test_folds_are_scored_one_by_one_and_together():
    app = section("k folds", {"data": "iris"})
    app.number_input(key="folds k").set_value(4).run()
    app = finished(app, "folds trial")
    experiment, done = experiment_of(app), app.session_state["folds trial"]
    legs = cross_validate(experiment, dataset_of(experiment.config), 4, done.steps)
    expected = [leg.test.score for leg in legs if isinstance(leg, Outcome)]
    assert app.dataframe[0].value["Test accuracy"].tolist() == expected
    mean, off = spread(expected)
    assert f"test accuracy **{mean:.1%} ± {off:.1%}**" in said(app)


def test_folds_can_be_stopped_and_are_of_one_setting():
    with patch.object(trial, "PATIENCE", 0):
        app = section("k folds")
        app.button(key="start folds trial").click().run()
        next(toggle for toggle in app.toggle if toggle.label == "Training").set_value(False).run()
    assert "Stopped before the first" in captions(app)
    app = finished(app, "folds trial")
    app.number_input(key="seed").set_value(8).run()
    assert not app.exception
    assert "of other settings" in app.info[0].value
