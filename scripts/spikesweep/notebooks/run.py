"""Run one notebook with its parameters, and write the executed notebook and a web page."""

import logging
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from papermill import PapermillExecutionError, execute_notebook

from spikesweep.errors import UserError
from spikesweep.files import write_text
from spikesweep.metadata import provenance
from spikesweep.notebooks.kernel import KERNEL, private_kernel
from spikesweep.notebooks.page import notebook_page

logger = logging.getLogger(__name__)


def run_notebook(
    *,
    notebook_path: str | Path,
    template_path: str | Path,
    executed_path: str | Path,
    page_path: str | Path,
    unfinished_path: str | Path,
    parameters: dict[str, Any],
    files: dict[str, str],
) -> None:
    """Execute a notebook with these parameters, and render it.

    parameters: replace the values of the cell that is tagged `parameters`, name by name.
    files: further parameters, the paths of the results that the notebook reads.
    unfinished_path: where the notebook is kept up to the cell that failed.

    Raises UserError if a cell fails, after its traceback was logged.
    """
    notebook = nbformat.read(notebook_path, as_version=4)
    # Written while it runs, so that the last state is kept if a cell fails or the job is killed.
    Path(unfinished_path).parent.mkdir(parents=True, exist_ok=True)
    try:
        with private_kernel() as client_options:
            executed = execute_notebook(
                notebook,
                str(unfinished_path),
                {**parameters, **files},
                kernel_name=KERNEL,
                language="python",
                progress_bar=False,
                **client_options,
            )
    except PapermillExecutionError as error:
        logger.error("%s", _without_colours("\n".join(error.traceback)))
        raise UserError(
            f"{notebook_path}: cell [{error.exec_count}] failed: {error.ename}: "
            f"{error.evalue}\n"
            f"see the traceback above; the notebook up to that cell is in {unfinished_path}"
        ) from None
    executed = _lasting(executed)
    executed.metadata["spikesweep"] = {"config": parameters, **provenance()}
    write_text(notebook_page(executed, template_path), page_path)
    write_text(nbformat.writes(executed) + "\n", executed_path)
    Path(unfinished_path).unlink()


def _without_colours(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _lasting(notebook: NotebookNode) -> NotebookNode:
    """Remove times, paths and random ids, so that the same run gives the same file."""
    notebook.metadata.pop("papermill", None)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
    return notebook
