"""A build back end of its own: the wheel of one module."""

import base64
import hashlib
import zipfile

INFO = "river-1.5.dist-info/"
METADATA = """\
Metadata-Version: 2.1
Name: river
Version: 1.5
Requires-Dist: requests>=2
Provides-Extra: test
Requires-Dist: pytest; extra == "test"
"""
WHEEL = "Wheel-Version: 1.0\nGenerator: river\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def build_wheel(directory, settings=None, metadata=None):
    with open("river.py", encoding="utf-8") as file:
        files = {"river.py": file.read(), INFO + "METADATA": METADATA, INFO + "WHEEL": WHEEL}
    files[INFO + "entry_points.txt"] = "[console_scripts]\nriver = river:main\n"
    record = ""
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(text)}\n"
    files[INFO + "RECORD"] = record + f"{INFO}RECORD,,\n"
    with zipfile.ZipFile(f"{directory}/river-1.5-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return "river-1.5-py3-none-any.whl"
