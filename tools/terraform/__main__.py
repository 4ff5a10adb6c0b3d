"""`python -m tools.terraform ARGUMENTS`: Terraform itself, in this process, with its output and exit code."""

import sys

from tools.terraform.running import in_this_process

if __name__ == "__main__":
    sys.exit(in_this_process(sys.argv[1:]))
