"""The engine, one file per stage of the flow, in reading order.

card          what an exercise is: cases, quantities, weights (data)
source        read a submission: a notebook or a .py file becomes cells
worker/       run the cells in a locked-down process and ask for answers
wire          numbers and text across the pipe, never objects
observation   what one call did: returned, raised, timed out
key           the judge's knowledge: expected numbers, and those of the known mistakes
compare       yours against expected, whole trajectory, in the order of time
diagnose      which known mistake reproduces these numbers
judge         one submission -> verdicts
verdict       the record every frontend formats
"""
