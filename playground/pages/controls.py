"""The sidebar: every choice of an experiment, kept in step with the link.

Streamlit binds a widget to its query parameter by itself. Three are written here: the two lists, `features` and
`hidden`, for which Streamlit repeats a parameter where our links separate items by commas, and `data`, chosen in a
gallery of our own.
"""

import logging
from collections.abc import Mapping, Sequence

import streamlit as st

from playground.data import DATASETS, FEATURES
from playground.engine import ACTIVATIONS, INITIALIZERS, OPTIMIZERS, SCHEDULES
from playground.experiment import MAX_LAYERS, MAX_WIDTH, RATES, Config, losses_for, suggested
from playground.share import links
from playground.stage import gallery, thumbnails

BATCHES = ("1", "5", "10", "20", "32", "64", "128", "full")
SPANS = ("30", "100", "300", "1000", "3000", "10000")
DROPOUTS = ("0", "0.1", "0.2", "0.3", "0.5")
CLIPS = ("0.1", "0.3", "1", "3", "10", "none")
BIASES = ("auto", "-1", "-0.5", "0", "0.1", "0.5", "1")
PENALTIES = ("0", "0.0001", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3", "1")
NEW_LAYER = 2  # neurons in a layer that is added

LOG = logging.getLogger(__name__)

DESIGNED = ("data", "features", "hidden", "activation")  # what can be changed on the stage as well
TYPED = ("noise", "split", "n", "seed", "keep_zeros")  # widgets that hold a number or a flag, not a word
OURS = ("data", "features", "hidden")  # written into the link here, not by Streamlit
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
DEFAULT = Config()
CHOICES = {  # of those, for the stage
    "features": {key: feature.label for key, feature in FEATURES.items()},
    "activations": {key: activation.name for key, activation in ACTIVATIONS.items()},
    "mostLayers": MAX_LAYERS,
    "mostNeurons": MAX_WIDTH,
    "newLayer": NEW_LAYER,
}
SAID, CHOSEN, WRITTEN = "said", "chosen", "written"  # in the session: complaints, the latest config, words in the link
LATEST = "designed"  # whether something has just been changed in the gallery or on the stage
SUITABLE = "suitable losses"
KEEP = "keep weights"


def sidebar() -> Config:
    """Draw the sidebar and return what is chosen in it; when the page is opened, what the link asks for."""
    _follow_link()
    with st.sidebar:
        st.title("Neural network playground", anchor=False)
        st.session_state[CHOSEN] = Config(**_data(), **_network(), **_training())
    return st.session_state[CHOSEN]


def design(message: object) -> None:
    """Take over what was changed on the stage: a field and its word, as in a link. Anything else is left alone."""
    try:
        ((field, word),) = message.items() if isinstance(message, dict) else ()
        if field not in DESIGNED or not isinstance(word, str) or len(word) > links.LONGEST:
            raise ValueError
        value = links.PARAMETERS[field].read(word)
    except ValueError:
        return refuse("design")
    if field in OURS:
        _show(field, value)
        st.session_state[LATEST] = True
    else:
        st.session_state[field] = word


def refuse(kind: str) -> None:
    """Log, once in a session, that a message from the browser was not understood; what was in it is not repeated."""
    if not st.session_state.setdefault(f"refused {kind}", False):
        LOG.warning("A message of the kind %s was refused: it is not one that the stage sends.", kind)
        st.session_state[f"refused {kind}"] = True


def complaints(config: Config) -> list[str]:
    """Sentences about values that could not be used, until the next change of `config`."""
    said, since = st.session_state.get(SAID, ([], None))
    if said and since not in (None, config):
        said = []
    st.session_state[SAID] = (said, config if said else None)
    return said


def _follow_link() -> None:
    """Take over what is written here, and say what cannot be used: at the opening and on the way back or forth.

    Streamlit itself does so for all other values.
    """
    opening = "layers" not in st.session_state  # Streamlit forgets it when another page is shown
    if opening and _is_the_same(st.session_state.get(CHOSEN)):
        _restore(st.session_state[CHOSEN])
        st.rerun()  # on the browser's way back Streamlit would set to its default what it has taken out of the link
    config, said = links.read(st.query_params, instead=st.session_state.get(CHOSEN, DEFAULT))
    if said:
        _say(*said)
    written, designed = st.session_state.setdefault(WRITTEN, {}), st.session_state.pop(LATEST, False)
    for field in OURS:
        word = st.query_params.get(field)
        # what has just been designed comes with a link of the time before; the way back or forth comes with nothing
        if opening or (word != written[field] and not designed):
            _show(field, getattr(config, field))
            written[field] = word
    others = {name: word for name, word in st.query_params.items() if name not in links.PARAMETERS}
    tidy = others | links.write(config)
    if opening and st.query_params.to_dict() != tidy:  # start again, so that no widget meets a word it cannot show
        st.query_params.from_dict(tidy)
        st.rerun()


def _is_the_same(config: Config | None) -> bool:
    """Whether the link asks for nothing else than `config`; on the way back from another page it is often bare."""
    asked = {name: word for name, word in st.query_params.items() if name in links.PARAMETERS}
    return config is not None and asked.items() <= links.write(config).items()


def _restore(config: Config) -> None:
    """Show all choices as they were when another page was opened."""
    for field in links.PARAMETERS:
        value = getattr(config, field)
        _put(field, value)
        if field in OURS:
            st.session_state[WRITTEN][field] = st.query_params.get(field)


def _show(field: str, value: object) -> None:
    if field != "hidden":
        st.session_state[field] = list(value) if field == "features" else value
        return
    st.session_state["layers"] = len(value)
    for layer, width in enumerate(value):
        st.session_state[f"width{layer}"] = width


def _say(*sentences: str) -> None:
    st.session_state[SAID] = (list(sentences), None)


def _data() -> dict:
    st.subheader("Data", anchor=False)
    data = st.session_state["data"]
    gallery("Data set", thumbnails(), data, lambda name: design({"data": name}))
    _write("data", data)
    st.caption(DATASETS[data].note)
    st.button(
        "Suggested settings",
        icon=":material/bolt:",
        on_click=_suggest,
        help="A network and a training rule that learn this data set within a second or two of playing.",
        width="stretch",
    )
    noise = st.slider("Noise (%)", 0, 50, DEFAULT.noise, key="noise", bind="query-params")
    split = st.slider("Training share (%)", 10, 90, DEFAULT.split, key="split", bind="query-params")
    left, right = st.columns(2)
    n = left.number_input("Points", 20, 5000, DEFAULT.n, step=50, key="n", bind="query-params")
    seed = right.number_input(
        "Seed", 0, 2**32 - 1, DEFAULT.seed, key="seed", bind="query-params", help="Same seed, same data, same weights."
    )
    chosen = st.pills(
        "Features",
        tuple(FEATURES),
        selection_mode="multi",
        format_func=lambda key: FEATURES[key].label,
        key="features",
        on_change=_keep_one_feature,
    )
    features = tuple(key for key in FEATURES if key in chosen)
    _write("features", features)
    return {"data": data, "noise": noise, "split": split, "n": n, "seed": seed, "features": features}


def _suggest() -> None:
    apply({field: getattr(DEFAULT, field) for field in TUNED} | suggested(st.session_state["data"]))


def apply(changes: Mapping[str, object]) -> None:
    """Put values of fields of a config into their widgets, as if they had been chosen there; for use in a callback."""
    for field, value in changes.items():
        _put(field, value)
    st.session_state[LATEST] = True


def _put(field: str, value: object) -> None:
    if field in OURS:
        _show(field, value)
    else:
        st.session_state[field] = value if field in TYPED else links.word(field, value)


def _keep_one_feature() -> None:
    if not st.session_state["features"]:
        st.session_state["features"] = list(st.session_state[CHOSEN].features)
        _say("A network needs at least one feature, so the last one stays.")


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
    _write("hidden", hidden := tuple(hidden))
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
        "activation": _listed("Activation", "activation", tuple(ACTIVATIONS), help_text),
        "init": _choice("Initial weights", "init", tuple(INITIALIZERS)),
    }


def _fit_activation(layers: int) -> None:
    """Where each layer has its own: a layer that goes takes it along, a new one has that of the layer before."""
    words = (st.session_state.get("activation") or "").split(",")
    if len(words) > 1 and len(words) != layers:
        fitted = [*words, *[words[-1]] * (layers - len(words))][:layers]
        st.session_state["activation"] = ",".join(fitted) or DEFAULT.activation


def _training() -> dict:
    st.subheader("Training", anchor=False)
    left, right = st.columns(2)
    with left:
        rate = _listed("Learning rate", "lr", [links.word("lr", rate) for rate in RATES], "How far one step goes.")
    with right:
        batch = _listed("Batch size", "batch", BATCHES, "Examples in one gradient step.")
    optimizer = _choice("Optimizer", "optimizer", tuple(OPTIMIZERS))
    suitable = losses_for(st.session_state["data"])
    if st.session_state.setdefault(SUITABLE, suitable) != suitable:  # other data: back to what suits them best
        st.session_state[SUITABLE], st.session_state["loss"] = suitable, suitable[0]
    loss = _choice("Loss", "loss", suitable)
    left, right = st.columns(2)
    with left:
        l1 = _listed("L1 penalty", "l1", PENALTIES, "Pulls weights to zero by a constant force.")
    with right:
        l2 = _listed("L2 penalty", "l2", PENALTIES, "Pulls weights to zero in proportion to their size.")
    chosen = {"lr": rate, "batch": batch, "l1": l1, "optimizer": optimizer, "loss": loss, "l2": l2}
    with st.expander("More", icon=":material/tune:"):
        return chosen | _finer()


def _finer() -> dict:
    schedule = _choice("Learning-rate schedule", "schedule", tuple(SCHEDULES))
    st.caption(SCHEDULES[schedule].note)
    left, right = st.columns(2)
    with left:
        span = _listed("Span (steps)", "span", SPANS, "How many steps the schedule takes over its course.")
        clip = _listed("Clip gradient", "clip", CLIPS, "A longer gradient is shortened to this length.")
    with right:
        dropout = _listed("Dropout", "dropout", DROPOUTS, "The share of hidden neurons that a step leaves out.")
        bias = _listed("Initial bias", "bias", BIASES, "Where biases start; auto is what goes with the weights.")
    keep_zeros = st.checkbox(
        "L1 keeps zeros",
        key="keep_zeros",
        bind="query-params",
        help="Weights that the L1 penalty brings to zero are exactly zero and stay so.",
    )
    finer = {"schedule": schedule, "span": span, "dropout": dropout, "clip": clip, "bias": bias}
    return finer | {"keep_zeros": keep_zeros}


def _choice(label: str, field: str, keys: Sequence[str]) -> str:
    default = getattr(DEFAULT, field)
    index = keys.index(default) if default in keys else 0
    return st.selectbox(label, keys, index=index, key=field, bind="query-params")


def _listed(label: str, field: str, words: Sequence[str], help_text: str) -> object:
    """A choice of usual values; a link, and the stage, add their own to the list."""
    default = links.word(field, getattr(DEFAULT, field))
    asked = st.session_state.get(field) or links.word(field, getattr(links.read(st.query_params)[0], field))
    word = st.selectbox(
        label,
        words if asked in words else (*words, asked),
        index=words.index(default),
        key=field,
        bind="query-params",
        help=help_text,
    )
    return links.PARAMETERS[field].read(word)


def _write(field: str, value: object) -> None:
    word = links.word(field, value) if value != getattr(DEFAULT, field) else None
    if word != st.query_params.get(field) or word != st.session_state[WRITTEN][field]:
        if word is None:
            st.query_params.setdefault(field, links.word(field, value))  # a late browser is told even so
            del st.query_params[field]
        else:
            st.query_params[field] = word
    st.session_state[WRITTEN][field] = word
