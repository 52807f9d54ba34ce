"""The sidebar's part about data: which, how clean, how prepared, and what of it the network sees."""

import secrets

import streamlit as st

from playground.data import DATASETS, FEATURES, LINE, PLANE, REAL, SCALINGS, Dataset, drawable, load, write_points
from playground.experiment import DRAWN, TABLE, Config, dataset_of, task_of
from playground.limits import MOST_MARKED, MOST_SAMPLES
from playground.pages.fields import CHOSEN, DEFAULT, TABLE_WORD, apply, choice, listed, say, table, write
from playground.share import links
from playground.stage import gallery, thumbnails

KINDS = {"classification": "Classes", "regression": "Values", "table": "Tables", "own": "Yours"}
KIND = "kind of data"
LABELS = ("100", "50", "20", "10", "5", "2", "0")
BALANCES = ("auto", "5", "10", "20", "30", "50", "70", "80", "90", "95")
SEEDS = 1_000  # that a new draw is one of: short to tell


def data_fields() -> dict:
    """Draw the widgets about data and return the fields of a config that they choose."""
    st.subheader("Data", anchor=False)
    data = st.session_state["data"]
    _pick(data)
    chosen = {"data": data, "points": st.session_state.get("points", "") if data == DRAWN else ""}
    chosen["table"] = st.session_state[TABLE_WORD] if data == TABLE else ""
    write("data", data)
    write("points", chosen["points"])
    if data in DATASETS:
        chosen |= _toy(data)
    left, right = st.columns(2)
    with left:
        chosen["split"] = st.number_input(
            "Training share (%)", 10, 90, DEFAULT.split, step=5, key="split", bind="query-params"
        )
    with right:
        chosen["seed"] = st.number_input(
            "Seed",
            0,
            2**32 - 1,
            DEFAULT.seed,
            key="seed",
            bind="query-params",
            help="Same seed, same data, same weights.",
        )
    st.button(
        "Regenerate",
        icon=":material/casino:",
        on_click=_regenerate,
        help="Another seed: other points, another split and other weights.",
        width="stretch",
    )
    with st.expander("Prepare", icon=":material/tune:"):
        chosen |= _prepare(data, min(50, 95 - chosen["split"]))
    return chosen | _inputs(Config(**chosen))


def draw_from(dataset: Dataset) -> None:
    """Begin to draw, with the points of a data set if it lies in the plane; for use in a callback."""
    if dataset.feature_names != PLANE:
        dataset = load("xor", 20)
    taken, left_out = drawable(dataset)
    if left_out:
        say(left_out)
    apply({"points": write_points(taken), "data": DRAWN})


def _pick(data: str) -> None:
    kind = _kind_of(data)
    if KIND not in st.session_state or st.session_state.get("kind follows") != data:  # other data: show their kind
        st.session_state["kind follows"], st.session_state[KIND] = data, kind
    asked = st.pills("Kind of data", tuple(KINDS), format_func=KINDS.get, key=KIND, required=True)
    if asked == "own":
        _own(data)
    else:
        gallery(f"gallery {asked}", "Data set", thumbnails(asked), data, lambda name: _choose(name))
    st.caption(_note(data))


def _kind_of(data: str) -> str:
    return DATASETS[data].kind if data in DATASETS else "table" if data in REAL else "own"


def _note(data: str) -> str:
    if data == DRAWN:
        return "Drawn by you: go on with Draw, over the picture of the plane."
    if data == TABLE:
        n = len(table().x)
        return f"Your table, {n:,} rows{f', of which {MOST_MARKED:,} are drawn' if n > MOST_MARKED else ''}."
    return (DATASETS.get(data) or REAL[data]).note


def _choose(name: object) -> None:
    if isinstance(name, str) and name in (*DATASETS, *REAL):
        apply({"data": name})


def _own(data: str) -> None:
    st.button(
        "Draw points",
        icon=":material/draw:",
        on_click=_draw,
        disabled=data == DRAWN,
        help="Take the points that are shown and change them, or draw others.",
        width="stretch",
    )
    if table() is not None:
        st.button(
            "Use your table",
            icon=":material/table:",
            on_click=lambda: apply({"data": TABLE}),
            disabled=data == TABLE,
            width="stretch",
        )
    st.page_link("playground/pages/bring.py", label="Bring a table", icon=":material/upload:")


def _regenerate() -> None:
    apply({"seed": (st.session_state["seed"] + secrets.randbelow(SEEDS - 1) + 1) % SEEDS})


def _draw() -> None:
    draw_from(dataset_of(st.session_state[CHOSEN], table()))


def _toy(data: str) -> dict:
    recipe = DATASETS[data]
    classes = recipe.kind == "classification"
    noise = st.slider("Noise (%)", 0, 50, DEFAULT.noise, key="noise", bind="query-params")
    left, right = st.columns(2)
    n = left.number_input("Points", 20, MOST_SAMPLES, DEFAULT.n, step=50, key="n", bind="query-params")
    chosen = {"noise": noise, "n": n}
    if recipe.most:
        with right:
            words = ("auto", *map(str, range(2, recipe.most + 1)))
            if st.session_state.get("classes", "auto") not in words:  # there were more of them in the data before
                st.session_state["classes"] = "auto"
            word = choice("Classes", "classes", words, f"auto is {len(recipe.class_names)}.")
            chosen["classes"] = links.PARAMETERS["classes"].read(word)
    with st.expander("Spoil", icon=":material/scatter_plot:"):
        if classes:
            text = "The share of the first class, the others being equally large; auto is as the data set has it."
            chosen["balance"] = listed("Share of the first class (%)", "balance", BALANCES, text)
            chosen["label_noise"] = st.slider("Wrong labels (%)", 0, 50, key="label_noise", bind="query-params")
        chosen["outliers"] = st.slider(
            "Outliers (%)",
            0,
            50,
            key="outliers",
            bind="query-params",
            help="Points far outside the picture: they are not seen, but learned from.",
        )
    return chosen


def _prepare(data: str, most: int) -> dict:
    text = "Fitted on the training part alone; the panel “Data” shows why."
    scaling = choice("Scaling of the inputs", "scaling", tuple(SCALINGS), text)
    if st.session_state.get("validation", 0) > most:
        st.session_state["validation"] = most
    validation = st.slider(
        "Validation share (%)",
        0,
        most,
        key="validation",
        bind="query-params",
        help="Set aside from the test part, to choose settings by, so that the test part stays unseen.",
    )
    regression = task_of(Config(data=data, points=st.session_state.get("points", "")), table())[0] == "regression"
    if regression and st.session_state.get("labels") == "0":  # without classes there are no clusters to learn
        st.session_state["labels"] = LABELS[-2]
    labels = listed(
        "Known labels (%)",
        "labels",
        LABELS[:-1] if regression else LABELS,
        "Of the training part. The network learns from those alone; at 0 it learns the clusters that k-means finds.",
    )
    return {"scaling": scaling, "validation": validation, "labels": labels}


def _inputs(config: Config) -> dict:
    names = dataset_of(config, table()).feature_names
    if names == PLANE:
        return {"features": _features()}
    if names == LINE:
        return {}
    inputs = _columns(names)
    return {"inputs": inputs, "plane": _plane([names[i] for i in inputs] if inputs else list(names))}


def _features() -> tuple[str, ...]:
    chosen = st.pills(
        "Features",
        tuple(FEATURES),
        selection_mode="multi",
        format_func=lambda key: FEATURES[key].label,
        key="features",
        on_change=_keep_one_feature,
    )
    features = tuple(key for key in FEATURES if key in chosen)
    write("features", features)
    return features


def _keep_one_feature() -> None:
    if not st.session_state["features"]:
        st.session_state["features"] = list(st.session_state[CHOSEN].features)
        say("A network needs at least one feature, so the last one stays.")


def _columns(names: tuple[str, ...]) -> tuple[int, ...]:
    st.session_state["inputs"] = [i for i in st.session_state.get("inputs", []) if i < len(names)]
    chosen = st.multiselect(
        "Inputs",
        range(len(names)),
        format_func=names.__getitem__,
        key="inputs",
        placeholder=f"all {len(names)}",
        help="Columns that the network sees; none chosen means all.",
    )
    inputs = tuple(sorted(chosen)) if len(chosen) < len(names) else ()
    write("inputs", inputs)
    return inputs


def _plane(names: list[str]) -> tuple[int, int] | None:
    """Which plane of more than two inputs is shown."""
    if len(names) <= 2:
        return None
    st.session_state.setdefault("by components", True)
    plane = None
    if not st.toggle(
        "Show principal components",
        key="by components",
        help="Switched off: the plane of two inputs, with the others at their mean.",
    ):
        for key, first in (("across", 0), ("up", 1)):
            if not st.session_state.get(key, len(names)) < len(names):
                st.session_state[key] = first
        across = st.selectbox("Across", range(len(names)), format_func=names.__getitem__, key="across")
        others = [i for i in range(len(names)) if i != across]
        if st.session_state["up"] == across:
            st.session_state["up"] = others[0]
        up = st.selectbox("Up", others, format_func=names.__getitem__, key="up")
        plane = (across, up)
    write("plane", plane)
    return plane
