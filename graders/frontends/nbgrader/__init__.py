"""The plug-in for nbgrader: two lines in nbgrader_config.py, and its own commands grade by trajectory.

from graders.frontends.nbgrader import configure

c = get_config()
configure(c)
"""

from __future__ import annotations

from typing import Any

FOLDERS = {
    "source_directory": "source",
    "release_directory": "release",
    "submitted_directory": "submitted",
    "autograded_directory": "autograded",
    "feedback_directory": "feedback",
}


def configure(c: Any) -> None:
    """Set up a course: name its folders, put our steps into nbgrader's chains, close what stock nbgrader leaves open.

    Called by nbgrader each time it reads its configuration, so it is quick and may run more than once.
    """
    from nbconvert.preprocessors import ClearMetadataPreprocessor, CSSHTMLHeaderPreprocessor
    from nbgrader import preprocessors as stock

    from graders.cards import SLUGS
    from graders.frontends.build import stubs
    from graders.frontends.nbgrader import collect, converters, course, extract, gradebooks, preprocessors, turns
    from graders.frontends.nbgrader.pages import safe_markdown

    for name, folder in FOLDERS.items():
        c.CourseDirectory[name] = folder
    stubs(c)
    c.GenerateAssignment.preprocessors = [
        stock.IncludeHeaderFooter,
        stock.InstantiateTests,
        stock.LockCells,
        stock.ClearSolutions,
        stock.ClearOutput,
        stock.CheckCellMetadata,
        preprocessors.CourseGate,
        stock.ComputeChecksums,
        stock.SaveCells,
        stock.ClearHiddenTests,
        stock.ClearMarkScheme,
        stock.ComputeChecksums,
        stock.CheckCellMetadata,
    ]
    c.Autograde.sanitize_preprocessors = [
        preprocessors.RestoreCells,
        stock.OverwriteKernelspec,
    ]
    c.Autograde.autograde_preprocessors = [
        preprocessors.GradeNotebook,
        stock.IgnorePattern,
        ClearMetadataPreprocessor,
        stock.LimitOutput,
        preprocessors.SaveVerdicts,
        stock.AssignLatePenalties,
    ]
    c.Autograde.exclude_overwriting = {slug: [f"{slug}.key.json"] for slug in SLUGS}  # no grading uses it
    c.GenerateFeedback.preprocessors = [stock.GetGrades, CSSHTMLHeaderPreprocessor, preprocessors.ReportStyle]
    c.HTMLExporter.sanitize_html = True
    c.HTMLExporter.filters = {"markdown2html": safe_markdown}
    c.ZipCollectApp.extractor_plugin = extract.CourseExtractor
    c.ZipCollectApp.collector_plugin = collect.CourseCollector
    course.find_commands()
    course.find_solutions()
    course.quiet()
    turns.be_patient()
    gradebooks.install()
    converters.install()
