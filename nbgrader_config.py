from graders.frontends.nbgrader import configure

c = get_config()  # type: ignore[name-defined]  # noqa: F821
configure(c)
