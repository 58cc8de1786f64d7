import subprocess
import sys

CODE = """import sys
from earmark.cli.start import start_quickly
start_quickly()
import earmark.library
print('pandas' in sys.modules)"""


def test_the_command_line_loads_no_pandas():
    found = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_other_packages_and_parts_of_names_are_found():
    code = CODE.replace("import earmark.library", "import earmark.library, json, pyarrow.pandas_compat")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).returncode == 0
