# Makes the library known, and checks that Snakemake runs where the study is.

import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

SCRIPTS = Path(workflow.basedir) / "scripts"
sys.path.insert(0, str(SCRIPTS))

from spikesweep.config.place import check_place
from spikesweep.errors import UserError

try:
    check_place(workflow.basedir)
except UserError as error:
    raise WorkflowError(str(error)) from None
