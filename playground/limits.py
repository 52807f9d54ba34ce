"""Everything that bounds what one session takes: its network, its data, its run, its share of the processor."""

# the network
MAX_LAYERS = 6  # hidden layers the page draws
MAX_WIDTH = 16  # neurons in each of them

# the data
MOST_SAMPLES = 5_000  # points of a toy data set
MOST_DRAWN = 1_200  # points drawn by hand: as many as always fit into a link
LINK_POINTS = 2_000  # points in a link; where they lie scattered, fewer fit
MOST_ROWS = 20_000  # rows of a table
MOST_LINES = 100_000  # rows and blank rows of its file
MOST_COLUMNS = 64  # columns of a table, and inputs after words became columns
MOST_CLASSES = 10  # classes of a table
LONGEST_CELL = 10_000  # characters in one cell of a table

# what comes in
TABLE_BYTES = 10 * 2**20  # bytes of the file of a table
RUN_BYTES = 40 * 2**20  # bytes of a saved run; the largest table in one, 20,000 rows of 65 numbers, takes 33 MB
RUN_NUMBERS = 1_400_000  # commas in a saved run: those of that table, and room for all else
RUN_LISTS = 20_000  # brackets in a saved run: a row of history each, and room for all else
MOST_PASTED = 1_000_000  # characters of a pasted table; a browser takes no more into the field, and more slow it down
LONGEST_WORD = 100  # characters of a value in a link; anything longer is not looked at
LONGEST_POINTS = 8 * 1024  # characters of the points in a link
LONGEST_ADDRESS = 4_000  # characters of a link of TensorFlow Playground; its own have some 500
LONGEST_KEPT = 500_000  # characters of a run that the browser keeps for the next visit

# the run and what is kept of it
LAST_STEP = 10_000_000  # no run is taken further
KEYFRAMES = 256  # states kept of the whole run; when there are more, every second one is dropped
KEYFRAME_BYTES = 4 * 2**20  # which the keyframes of a large network share, so that there are fewer, but at least two
CHANGES = 256  # of the training or of parameters by hand; with one more, the run forgets what lay before the second
MOST_UNDO = 16  # deeds that can be undone; each keeps the run as it was, which shares most of its states
LOSSES_KEPT = 4_096  # steps of which the losses are kept for the curves, and in a saved run
STATES_KEPT = 128  # steps of which the weights are kept for the path
MOST_SLICES = 8  # planes through the landscape that are kept

# its share of the processor
BUDGET = 0.12  # seconds of work for one answer to the browser; it then holds as many frames as were ready
MOST_FRAMES = 64  # frames in one answer
MOST_STRIDE = 1_000  # steps from one frame to the next
MOST_MARKED = 5_000  # data points that are drawn; of more, each part's share
SURFACE_SAMPLES = 2_000  # samples of the loss surface; of larger data, that many are drawn by lot, once
SURFACE_PRODUCTS = 2**19  # samples × parameters of it: a larger network is shown fewer samples, so that it still plays
MOST_SCOUTED = 128  # steps looked ahead when a run begins, to find the plane in which it will travel
SCOUTED_PRODUCTS = 250_000_000  # products in all of them, unless the first one has more
MOST_LANES = 8  # lanes of a race: as many as can be told apart in one picture
LONGEST_RACE = 3_000  # steps of each
MOST_PRODUCTS = 30_000_000_000  # products in all steps of a cross-validation, of a leak's two runs, or of a race
PATIENCE = 0.1  # seconds of training in a race or a trial between two looks at the learner
