"""What is said of each known mistake: what was observed, the kind of slip, and the topic to read again.

The order is the course's. A diagnosis names an id, a report says its fact and (where the instructor allows it)
its hint, and the topic leads to a heading of the notebook.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graders.engine.card import MistakeText

if TYPE_CHECKING:
    from collections.abc import Mapping

FORWARD_AND_LOSS = {
    "swapped-weight-and-bias": MistakeText(
        "Your numbers are those of a run in which w and b have changed places.",
        "Follow each of the two parameters by name from where it comes in to where it goes out: "
        "which one multiplies x, which one stands alone?",
        "forward",
    ),
    "bias-left-out": MistakeText(
        "Your predictions contain no b.",
        "Compare your line with the formula of the model, term by term.",
        "forward",
    ),
    "bias-subtracted": MistakeText(
        "Your predictions contain b with the wrong sign.",
        "Compare the signs in your line with those in the formula of the model.",
        "forward",
    ),
    "weight-detached": MistakeText(
        "No gradient reaches w: it counts in the predictions as a plain number.",
        "Ask at which point w leaves the graph: some ways to read a tensor's value cut it off from its gradient.",
        "forward",
    ),
    "sum-instead-of-mean": MistakeText(
        "Your loss is the sum of the squared errors; the mean is asked for.",
        "Ask what should happen to the loss when every sample is there twice.",
        "loss",
    ),
    "half-mse": MistakeText(
        "Your loss is half the mean squared error.",
        "There are two conventions for this loss; look up which one the course has chosen.",
        "loss",
    ),
    "absolute-error": MistakeText(
        "Absolute errors stand where squared errors are asked for.",
        "Ask how a large error should count compared with a small one.",
        "loss",
    ),
    "root-mean-square": MistakeText(
        "Your loss is the square root of the mean squared error.",
        "Compare the unit of your loss with the unit of y.",
        "loss",
    ),
    "mean-before-square": MistakeText(
        "Your loss is the square of the mean error.",
        "The order of two operations matters here: try two errors of opposite sign by hand.",
        "loss",
    ),
    "broadcast-to-matrix": MistakeText(
        "Your difference compares every prediction with every target, n times n pairs.",
        "Print the shapes of both operands and of the result before you reduce it.",
        "tensors",
    ),
    "divided-by-n-minus-1": MistakeText(
        "Your mean divides by one less than the number of samples.",
        "A mean and an estimate of a variance divide by different numbers.",
        "loss",
    ),
    "divided-by-nominal-batch-size": MistakeText(
        "Your mean over a smaller batch divides by the full batch size.",
        "Ask how many samples the last batch of an epoch really holds.",
        "batches",
    ),
    "divided-by-dataset-size": MistakeText(
        "Your mean over a batch divides by the size of the whole data set.",
        "Ask over which samples this mean runs, and how many those are.",
        "batches",
    ),
    "difference-of-squares": MistakeText(
        "Your loss squares predictions and targets first and subtracts afterwards.",
        "The order of two operations matters here: try one prediction and one target by hand.",
        "loss",
    ),
}

GRADIENT_AND_UPDATE = {
    "gradients-not-zeroed": MistakeText(
        "Every update uses the sum of all gradients so far.",
        "Ask what backward does with a gradient that is already there, and who clears it.",
        "gradient",
    ),
    "zeroed-once-per-epoch": MistakeText(
        "Within an epoch your gradients add up from update to update; each new epoch starts clean.",
        "Ask in which of your two loops the gradients have to be cleared.",
        "gradient",
    ),
    "only-weight-gradient-zeroed": MistakeText(
        "The gradient of b is never cleared, that of w is.",
        "What you do for one parameter has to be done for each of them.",
        "gradient",
    ),
    "only-bias-gradient-zeroed": MistakeText(
        "The gradient of w is never cleared, that of b is.",
        "What you do for one parameter has to be done for each of them.",
        "gradient",
    ),
    "parameters-never-move": MistakeText(
        "Your w and b keep their starting values through the whole run.",
        "Print the gradient right before the step, and ask whether the step reaches the parameters you record.",
        "update",
    ),
    "ascent": MistakeText(
        "Every update goes uphill: its direction is the opposite of the right one.",
        "Ask in which direction the gradient points, and in which one the loss falls.",
        "update",
    ),
    "factor-two-missing": MistakeText(
        "Every gradient is half of what it should be.",
        "Differentiate the square once more by hand and keep every factor.",
        "gradient",
    ),
    "bias-factor-two-missing": MistakeText(
        "The gradient of b is half of what it should be; that of w is right.",
        "Differentiate the square once more by hand, with respect to b, and keep every factor.",
        "gradient",
    ),
    "bias-uses-new-weight": MistakeText(
        "The step of b uses a w that has already moved.",
        "Ask at which point of the parameter plane each of the two derivatives is taken.",
        "update",
    ),
    "bias-not-updated": MistakeText(
        "Your b keeps its starting value; only w moves.",
        "What you do for one parameter has to be done for each of them.",
        "update",
    ),
    "weight-not-updated": MistakeText(
        "Your w keeps its starting value; only b moves.",
        "What you do for one parameter has to be done for each of them.",
        "update",
    ),
    "bias-uses-weight-gradient": MistakeText(
        "Your b moves by the derivative with respect to w.",
        "Check for each parameter with respect to what its derivative is taken.",
        "gradient",
    ),
    "gradients-swapped": MistakeText(
        "The derivatives with respect to w and b have changed places.",
        "Check for each parameter with respect to what its derivative is taken.",
        "gradient",
    ),
    "averaged-twice": MistakeText(
        "Your gradient is divided by the number of samples twice.",
        "Count at how many places of your program an average is taken.",
        "gradient",
    ),
    "average-missing-in-gradient": MistakeText(
        "Your gradient is the sum over the samples; the mean is asked for.",
        "Ask what should happen to the gradient when every sample is there twice.",
        "gradient",
    ),
    "x-missing-in-gradient": MistakeText(
        "The derivative with respect to w lacks its factor x.",
        "Apply the chain rule once more: what does the prediction change by when w changes a little?",
        "gradient",
    ),
    "stepped-twice": MistakeText(
        "Every update is made twice.",
        "Count how often the parameters change for one computed gradient.",
        "update",
    ),
    "momentum-left-on": MistakeText(
        "Your updates remember earlier gradients: this is descent with momentum.",
        "Look at which settings of the optimizer go beyond plain gradient descent.",
        "update",
    ),
    "weight-decay-left-on": MistakeText(
        "Every update also pulls the parameters towards zero: this is weight decay.",
        "Look at which settings of the optimizer go beyond plain gradient descent.",
        "update",
    ),
    "adam-instead-of-sgd": MistakeText(
        "Your updates are those of Adam, whose steps hardly depend on the size of the gradient.",
        "Look at which optimizer the exercise asks for.",
        "update",
    ),
    "gradient-clipped": MistakeText(
        "Large gradients are cut off before the update.",
        "Ask whether the update may change the gradient before it uses it.",
        "update",
    ),
    "stale-graph": MistakeText(
        "Your gradients belong to predictions made before the parameters moved.",
        "Ask which lines have to run again after every update, and whether the forward pass is among them.",
        "gradient",
    ),
    "learning-rate-off": MistakeText(
        "Every change is the right one times a constant factor.",
        "Follow the learning rate from the argument to the update.",
        "update",
    ),
}

RECORDING = {
    "loss-after-update": MistakeText(
        "Your losses are taken after the update; they are asked for before it.",
        "Ask which parameters a recorded loss belongs to.",
        "recording",
    ),
    "initial-parameters-missing": MistakeText(
        "Your record of w and b begins after the first update.",
        "Count the entries: so many updates, how many points of the path?",
        "recording",
    ),
    "history-aliases-last": MistakeText(
        "Every entry of your record holds the final value.",
        "Ask whether your list holds values, or many references to one object that goes on changing.",
        "recording",
    ),
    "one-epoch-short": MistakeText(
        "Your run is one epoch short.",
        "Count the passes of your outer loop by hand for two epochs.",
        "recording",
    ),
    "one-epoch-long": MistakeText(
        "Your run is one epoch long.",
        "Count the passes of your outer loop by hand for two epochs.",
        "recording",
    ),
    "mean-of-batch-means": MistakeText(
        "The loss of your epoch is the plain mean of its batch losses.",
        "Ask how much a smaller batch should count, and which losses the exercise asks for.",
        "recording",
    ),
    "batch-means-over-samples": MistakeText(
        "The loss of your epoch adds batch means and divides by the number of samples.",
        "Ask what each summand is already the mean of.",
        "recording",
    ),
    "loss-not-averaged": MistakeText(
        "The loss of your epoch is a sum that is never divided.",
        "Ask whether the recorded loss should grow with the number of samples or batches.",
        "recording",
    ),
    "last-batch-loss": MistakeText(
        "The loss of your epoch is that of its last batch only.",
        "Ask what happens to the losses of the earlier batches.",
        "recording",
    ),
    "running-loss-not-reset": MistakeText(
        "The losses of earlier epochs are still contained in those of later ones.",
        "Ask when the running sum should begin anew.",
        "recording",
    ),
    "loss-at-epoch-end": MistakeText(
        "Your losses are taken at the end of the epoch.",
        "Ask at which moment of an epoch the exercise wants its loss.",
        "recording",
    ),
    "one-entry-per-epoch": MistakeText(
        "Your record of w and b has one entry per epoch; one per update is asked for.",
        "Ask in which of your two loops the parameters are recorded.",
        "recording",
    ),
    "reinitialised-each-epoch": MistakeText(
        "Every epoch of your run begins at the starting parameters again.",
        "Ask what has to be set up once before the loops, and what in each epoch.",
        "update",
    ),
}

BATCHING = {
    "last-partial-batch-dropped": MistakeText(
        "The smaller batch at the end is left out.",
        "Count the samples you visit in an epoch when the batch size does not divide n.",
        "batches",
    ),
    "last-batch-overlaps": MistakeText(
        "The last batch is filled up with samples that were already used in this epoch.",
        "Count the samples you visit in an epoch when the batch size does not divide n.",
        "batches",
    ),
    "last-full-batch-dropped": MistakeText(
        "The last batch of each epoch is left out.",
        "Write down the first index of every batch by hand, for a small n.",
        "batches",
    ),
    "sliding-window": MistakeText(
        "Your batches begin at every sample and overlap.",
        "Write down the first index of every batch by hand, for a small n.",
        "batches",
    ),
    "only-x-shuffled": MistakeText(
        "Your x is visited in the given order, y is not, so that pairs are torn apart.",
        "Ask whether each sample still has its own target.",
        "batches",
    ),
    "same-order-every-epoch": MistakeText(
        "Every epoch visits the samples in the order of the first.",
        "Ask what should differ from one epoch to the next.",
        "batches",
    ),
    "order-ignored": MistakeText(
        "The given order is not used; the samples are visited as they are stored, or in an order of your own.",
        "Ask where the given order enters your program.",
        "batches",
    ),
    "full-data-in-batch-loop": MistakeText(
        "Every update uses all the data instead of its batch.",
        "Ask which samples each line inside your inner loop works on.",
        "batches",
    ),
    "first-batch-only": MistakeText(
        "Only the first batch of each epoch is used.",
        "Ask what ends your inner loop, and what changes from one of its turns to the next.",
        "batches",
    ),
    "equal-chunks": MistakeText(
        "Your batches are pieces of nearly equal size instead of the given size.",
        "There are two ways to cut: into pieces of a given size, or into a given number of pieces.",
        "batches",
    ),
    "orders-composed": MistakeText(
        "Each epoch permutes data that the epoch before has already permuted.",
        "Ask what the given order refers to: the data as given, or as you left them.",
        "batches",
    ),
    "inverse-order": MistakeText(
        "The samples are visited in the inverse of the given order.",
        "A permutation can be read in two ways: which sample comes now, or when this sample comes.",
        "batches",
    ),
    "one-step-per-epoch": MistakeText(
        "Your run makes one update per epoch instead of one per batch.",
        "Ask to which of your two loops the update belongs.",
        "update",
    ),
    "partial-batch-first": MistakeText(
        "The smaller batch comes first instead of last.",
        "Write down the first index of every batch by hand, for a small n.",
        "batches",
    ),
    "batches-reversed": MistakeText(
        "The given order is visited from its end to its beginning.",
        "Write down by hand which samples come first in an epoch.",
        "batches",
    ),
    "accumulation-not-divided": MistakeText(
        "The gradients of the micro-batches are added without their weights.",
        "A sum of means is not the mean over all samples: ask what each summand should count.",
        "batches",
    ),
    "leftover-micro-batch-dropped": MistakeText(
        "The batches left over at the end are never used.",
        "Try a number of batches that does not divide evenly, and count the samples used.",
        "batches",
    ),
}

CONTRACT = {
    "arguments-modified": MistakeText(
        "Your function changes the arguments it was given.",
        "Ask which of your lines work in place, and on whose tensor.",
        "contract",
    ),
    "ignores-an-argument": MistakeText(
        "Your numbers do not depend on one of the arguments: something else is used in its place.",
        "Look for names your function uses without having received them, and for numbers typed in.",
        "contract",
    ),
    "float32-inside": MistakeText(
        "Your result has only the precision of float32, although the arguments are float64.",
        "Look for a tensor made inside your function without the dtype of the arguments.",
        "tensors",
    ),
    "returns-none": MistakeText(
        "Your function returns nothing.",
        "Ask how the result leaves your function.",
        "contract",
    ),
    "wrong-shape": MistakeText(
        "Your result does not have the shape that is asked for.",
        "Print the shape after each step and compare it with the contract.",
        "tensors",
    ),
    "type-hints-missing": MistakeText(
        "The type hints of your function are not those of the contract.",
        "Compare your first line with the one you were given.",
        "contract",
    ),
}

RAISED = {
    "rebinding-loses-grad": MistakeText(
        "After your first update a parameter is a new tensor that has no gradient.",
        "Ask whether your update changes the tensor, or gives its name to another one.",
        "update",
    ),
    "in-place-on-leaf": MistakeText(
        "PyTorch refuses to change a parameter in place while it records the graph.",
        "An update is not part of the model: ask how PyTorch is told not to record it.",
        "update",
    ),
    "no-grad-around-forward": MistakeText(
        "No gradient is recorded: the loss does not depend on the parameters in any graph.",
        "Ask whether the parameters require a gradient, and which lines run while nothing is recorded.",
        "gradient",
    ),
    "item-before-backward": MistakeText(
        "The loss is already a plain number when backward is called on it.",
        "Ask which of the two you need where: the tensor with its graph, or its value.",
        "gradient",
    ),
    "graph-reused": MistakeText(
        "Backward runs a second time through a graph that is already used up.",
        "Ask which lines have to run again after every update, and whether the forward pass is among them.",
        "gradient",
    ),
    "loss-not-scalar": MistakeText(
        "Backward is called on more than one number.",
        "Ask what turns the errors of all samples into a single loss.",
        "loss",
    ),
    "integer-parameters": MistakeText(
        "A parameter is made of integers, which cannot have a gradient.",
        "Look at the dtype of the parameters before they are asked to require a gradient.",
        "tensors",
    ),
    "dtype-mismatch": MistakeText(
        "Two tensors of different dtypes meet in one operation.",
        "Look for a tensor made inside your function without the dtype of the arguments.",
        "tensors",
    ),
    "device-mismatch": MistakeText(
        "Two tensors on different devices meet in one operation.",
        "Look for a tensor made inside your function without the device of the arguments.",
        "tensors",
    ),
}

NEW = {
    "loss-at-epoch-start": MistakeText(
        "Your losses are those on all data at the start of each epoch.",
        "Ask which losses the exercise wants: of the whole data at one moment, or of the batches as they come.",
        "recording",
    ),
    "micro-batches-weighted-equally": MistakeText(
        "Every micro-batch counts the same, although the last one holds fewer samples.",
        "Ask how much a smaller micro-batch should count in a mean over samples.",
        "batches",
    ),
    "cleared-inside-accumulation": MistakeText(
        "Only the last micro-batch is left in your gradient.",
        "Ask when the gradients have to be cleared, and when they are meant to add up.",
        "update",
    ),
    "weight-factor-two-missing": MistakeText(
        "The gradient of w is half of what it should be; that of b is right.",
        "Differentiate the square once more by hand, with respect to w, and keep every factor.",
        "gradient",
    ),
    "state-left-between-calls": MistakeText(
        "A second call of your function continues where the first one ended.",
        "Look for lists and tensors that live outside your function, or in a default argument.",
        "contract",
    ),
}

TEXTS: Mapping[str, MistakeText] = {
    **FORWARD_AND_LOSS,
    **GRADIENT_AND_UPDATE,
    **RECORDING,
    **BATCHING,
    **CONTRACT,
    **RAISED,
    **NEW,
}
IDS = tuple(TEXTS)
