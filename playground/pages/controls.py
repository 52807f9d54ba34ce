"""The sidebar: every choice of an experiment, kept in step with the link."""

import streamlit as st

from playground.data import FEATURES
from playground.engine import ACTIVATIONS, INITIALIZERS, OPTIMIZERS, SCHEDULES
from playground.experiment import DRAWN, RATES, TABLE, Config, losses_for, suggested
from playground.limits import LONGEST_WORD, MAX_LAYERS, MAX_WIDTH
from playground.pages.data import data_fields
from playground.pages.drawing import draw
from playground.pages.fields import (
    CHOSEN,
    DEFAULT,
    LATEST,
    NEW_LAYER,
    OURS,
    WRITTEN,
    apply,
    choice,
    listed,
    put,
    say,
    show,
    table,
    write,
)
from playground.pages.logs import JOURNAL
from playground.share import links

BATCHES = ("1", "5", "10", "20", "32", "64", "128", "full")
SPANS = ("30", "100", "300", "1000", "3000", "10000")
DROPOUTS = ("0", "0.1", "0.2", "0.3", "0.5")
CLIPS = ("0.1", "0.3", "1", "3", "10", "none")
BIASES = ("auto", "-1", "-0.5", "0", "0.1", "0.5", "1")
PENALTIES = ("0", "0.0001", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1")

DESIGNED = ("data", "features", "hidden", "activation")  # what can be changed on the stage as well
TUNED = (
    "features",
    "hidden",
    "activation",
    "init",
    "optimizer",
    "lr",
    "batch",
    "l1",
    "l2",
    "dropout",
    "clip",
    "schedule",
)
CHOICES = {  # of those, for the stage
    "features": {key: feature.label for key, feature in FEATURES.items()},
    "activations": {key: activation.name for key, activation in ACTIVATIONS.items()},
    "mostLayers": MAX_LAYERS,
    "mostNeurons": MAX_WIDTH,
    "newLayer": NEW_LAYER,
}
SUITABLE = "suitable losses"
KEEP = "keep weights"
OPENED = "opened with"  # in the session: the words of the link it began with


def sidebar() -> Config:
    """Draw the sidebar and return what is chosen in it; when the page is opened, what the link asks for."""
    _follow_link()
    with st.sidebar:
        st.title("Neural network playground", anchor=False)
        data = data_fields()
        st.button(
            "Suggested settings",
            icon=":material/bolt:",
            on_click=_suggest,
            help="A network and a training rule that learn these data within a second or two of playing.",
            width="stretch",
        )
        st.session_state[CHOSEN] = Config(**data, **_network(), **_training(Config(**data)))
    return st.session_state[CHOSEN]


def take(config: Config) -> None:
    """Show all choices of a config, as if they had been made one by one; for use in a callback."""
    apply({field: getattr(config, field) for field in links.PARAMETERS})
    st.session_state[SUITABLE] = losses_for(config, table())  # so that the loss that is asked for stays


def design(message: object) -> None:
    """Take over what was changed on the stage: a field and its word, as in a link, or points as they were drawn.

    Anything else is left alone.
    """
    try:
        ((field, word),) = message.items() if isinstance(message, dict) else ()
        if field == "points":
            return draw(word)
        if field not in DESIGNED or not isinstance(word, str) or len(word) > LONGEST_WORD:
            raise ValueError
        value = links.PARAMETERS[field].read(word)
    except ValueError:
        return refuse("design")
    if field in OURS:
        show(field, value)
        st.session_state[LATEST] = True
    else:
        st.session_state[field] = word


def refuse(kind: str) -> None:
    """Log, once in a session, that a message is not one that the stage sends; what was in it is not repeated."""
    if not st.session_state.setdefault(f"refused {kind}", False):
        JOURNAL.warn("message-refused", kind=kind)
        st.session_state[f"refused {kind}"] = True


def _follow_link() -> None:
    """Take over what is written here, and say what cannot be used: at the opening and on the way back or forth.

    Streamlit itself does so for all other values.
    """
    opening = "layers" not in st.session_state  # Streamlit forgets it when another page is shown
    if opening and "scene" in st.session_state:
        st.session_state["scene"].answered = b""  # the stage is made anew, and has seen nothing
    if opening and _is_the_same(st.session_state.get(CHOSEN)):
        _restore(st.session_state[CHOSEN])
        st.rerun()  # on the browser's way back Streamlit would set to its default what it has taken out of the link
    asked = {name: word for name, word in st.query_params.items() if name in links.PARAMETERS}
    st.session_state.setdefault(OPENED, asked)
    config, said = links.read(st.query_params, st.session_state.get(CHOSEN, DEFAULT), table())
    if said:
        say(*said)
    written, designed = st.session_state.setdefault(WRITTEN, {}), st.session_state.pop(LATEST, False)
    for field in OURS:
        word = st.query_params.get(field)
        # what has just been designed comes with a link of the time before; the way back or forth comes with nothing
        if opening or (word != written.get(field) and not designed):
            show(field, getattr(config, field))
            written[field] = word
    if not _are_there(st.session_state["data"]):  # the way back may lead to where the link had their name alone
        show("data", config.data)
        show("points", config.points)
    others = {name: word for name, word in st.query_params.items() if name not in links.PARAMETERS}
    tidy = others | links.write(config, table())
    if opening and st.query_params.to_dict() != tidy:  # start again, so that no widget meets a word it cannot show
        st.query_params.from_dict(tidy)
        st.rerun()


def _are_there(data: str) -> bool:
    """Whether the points or the table are there that data of the learner's own consist of."""
    return {DRAWN: bool(st.session_state["points"]), TABLE: table() is not None}.get(data, True)


def _is_the_same(config: Config | None) -> bool:
    """Whether the link asks for nothing else than `config`; on the way back from another page it is often bare."""
    asked = {name: word for name, word in st.query_params.items() if name in links.PARAMETERS}
    return config is not None and asked.items() <= links.write(config, table()).items()


def _restore(config: Config) -> None:
    """Show all choices as they were when another page was opened."""
    for field in links.PARAMETERS:
        value = getattr(config, field)
        put(field, value)
        if field in OURS:
            st.session_state[WRITTEN][field] = st.query_params.get(field)


def _network() -> dict:
    st.subheader("Network", anchor=False)
    layers = st.number_input("Hidden layers", 0, MAX_LAYERS, key="layers")
    hidden = []
    for layer in range(layers):
        if layer % 2 == 0:
            columns = st.columns(2)
        st.session_state.setdefault(f"width{layer}", NEW_LAYER)
        hidden.append(
            columns[layer % 2].number_input(f"Neurons in layer {layer + 1}", 1, MAX_WIDTH, key=f"width{layer}")
        )
    write("hidden", hidden := tuple(hidden))
    st.toggle(
        "Keep weights",
        key=KEEP,
        persist_state="session",
        help="When layers or neurons come and go, the others stay as they are. "
        "A new neuron begins without effect, a new layer with as little as it can.",
    )
    _fit_activation(len(hidden))
    help_text = "For all hidden layers; a link may name one for each, as in activation=tanh,relu."
    return {
        "hidden": hidden,
        "activation": listed("Activation", "activation", tuple(ACTIVATIONS), help_text),
        "init": choice("Initial weights", "init", tuple(INITIALIZERS)),
    }


def _fit_activation(layers: int) -> None:
    """Where each layer has its own: a layer that goes takes it along, a new one has that of the layer before."""
    words = (st.session_state.get("activation") or "").split(",")
    if len(words) > 1 and len(words) != layers:
        fitted = [*words, *[words[-1]] * (layers - len(words))][:layers]
        st.session_state["activation"] = ",".join(fitted) or DEFAULT.activation


def _suggest() -> None:
    apply({field: getattr(DEFAULT, field) for field in TUNED} | suggested(st.session_state["data"]))


def _training(data: Config) -> dict:
    st.subheader("Training", anchor=False)
    left, right = st.columns(2)
    with left:
        rate = listed("Learning rate", "lr", [links.word("lr", rate) for rate in RATES], "How far one step goes.")
    with right:
        batch = listed("Batch size", "batch", BATCHES, "Examples in one gradient step.")
    optimizer = choice("Optimizer", "optimizer", tuple(OPTIMIZERS))
    suitable = losses_for(data, table())
    if st.session_state.setdefault(SUITABLE, suitable) != suitable:  # other data: back to what suits them best
        st.session_state[SUITABLE], st.session_state["loss"] = suitable, suitable[0]
    loss = choice("Loss", "loss", suitable)
    left, right = st.columns(2)
    with left:
        l1 = listed("L1 penalty", "l1", PENALTIES, "Pulls weights to zero by a constant force.")
    with right:
        l2 = listed("L2 penalty", "l2", PENALTIES, "Pulls weights to zero in proportion to their size.")
    chosen = {"lr": rate, "batch": batch, "l1": l1, "optimizer": optimizer, "loss": loss, "l2": l2}
    with st.expander("More", icon=":material/tune:"):
        return chosen | _finer()


def _finer() -> dict:
    schedule = choice("Learning-rate schedule", "schedule", tuple(SCHEDULES))
    st.caption(SCHEDULES[schedule].note)
    left, right = st.columns(2)
    with left:
        span = listed("Span (steps)", "span", SPANS, "How many steps the schedule takes over its course.")
        clip = listed("Clip gradient", "clip", CLIPS, "A longer gradient is shortened to this length.")
    with right:
        dropout = listed("Dropout", "dropout", DROPOUTS, "The share of hidden neurons that a step leaves out.")
        bias = listed("Initial bias", "bias", BIASES, "Where biases start; auto is what goes with the weights.")
    keep_zeros = st.checkbox(
        "L1 keeps zeros",
        key="keep_zeros",
        bind="query-params",
        help="Weights that the L1 penalty brings to zero are exactly zero and stay so.",
    )
    finer = {"schedule": schedule, "span": span, "dropout": dropout, "clip": clip, "bias": bias}
    return finer | {"keep_zeros": keep_zeros}
