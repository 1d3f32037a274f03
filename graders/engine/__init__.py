"""The engine, one file per stage of the flow, in reading order.

card          what an exercise is: cases, quantities, weights (data)
source        read a submission: a notebook or a .py file becomes cells
worker/       run the cells in a locked-down process and ask for answers
wire          numbers and text across the pipe, never objects
observation   what one call did: returned, raised, timed out
key           the judge's knowledge: expected numbers, and those of the known mistakes
compare       yours against expected, whole trajectory, in the order of time
diagnose      which known mistake reproduces these numbers (screen: the few worth comparing)
figures, properties, hints, raised    what is judged by contents, properties, signatures, exceptions
judged        one case: the answer beside the key
rehearsal     all cases answered by one process, where that can't change a verdict
naming        the name of the mistake, from numbers, exception or form
marks         points by aspects
judge         one submission -> verdicts
reporting     the words, once, as plain data
verdict       the record every frontend formats
"""
