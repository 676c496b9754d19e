"""A notebook as a single web page that works offline: text, code, and embedded plots."""

from pathlib import Path

from jinja2 import Environment, StrictUndefined
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter
from traitlets.config import Config


def notebook_page(notebook: NotebookNode, template_path: str | Path) -> str:
    """Render an executed notebook.

    The cell of default parameters is left out if a cell with the values of the run follows.
    """
    values_given = any(
        "injected-parameters" in cell.metadata.get("tags", []) for cell in notebook.cells
    )
    config = Config()
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_cell_tags = {"parameters"} if values_given else set()
    body, _ = HTMLExporter(config=config, template_name="basic").from_notebook_node(notebook)
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    template = environment.from_string(Path(template_path).read_text(encoding="utf-8"))
    return template.render(
        title=title_of(notebook),
        body=body,
        highlighting=HtmlFormatter(style="default").get_style_defs(".highlight"),
    )


def title_of(notebook: NotebookNode) -> str:
    """The first heading of a notebook."""
    first = notebook.cells[0].source.splitlines()[0]
    return first.removeprefix("# ")
