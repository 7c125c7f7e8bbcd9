"""The risks that are named, those that are not, and that naming them neither fails nor takes long."""

from __future__ import annotations

import time
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_codeact.agent import risk_tables as words
from jupyter_codeact.agent.risks import MAX_CHARS, codes, risks
from jupyter_codeact.risk import Risk

RISKY = [
    ("import os\nos.remove('a.csv')", words.DELETES),
    ("import os as o\no.unlink(name)", words.DELETES),
    ("from shutil import rmtree as gone\ngone(folder)", words.DELETES),
    ("Path('a').unlink()", words.DELETES),
    ("list(map(os.remove, names))", words.DELETES),
    ("df.to_csv('a.csv')", words.OVERWRITES),
    ("df.to_csv(path_or_buf=target)", words.OVERWRITES),
    ("open('a.csv', 'w').write(text)", words.OVERWRITES),
    ("open(name, mode)", words.OVERWRITES),
    ("Path('a').open('w')", words.OVERWRITES),
    ("Path('a').write_text('')", words.OVERWRITES),
    ("plt.savefig('plot.png')", words.OVERWRITES),
    ("pd.read_csv('/data/all.csv')", words.OUTSIDE),
    ("open('../secret.txt')", words.OUTSIDE),
    ("path = f'/home/{user}/x'", words.OUTSIDE),
    ("open(r'C:\\data.csv')", words.OUTSIDE),
    ("import requests", words.NETWORK),
    ("requests.get(url)", words.NETWORK),
    ("from urllib.request import urlopen", words.NETWORK),
    ("pd.read_csv('http://example.org/a.csv')", words.NETWORK),
    ("url = 'https://example.org'", words.NETWORK),
    ("from sklearn.datasets import fetch_openml", words.NETWORK),
    ("%pip install pandas", words.INSTALLS),
    ("!pip install -q pandas", words.INSTALLS),
    ("!python -m pip install pandas", words.UNSEEN),
    ("%conda install pandas", words.INSTALLS),
    ("!ls", words.SHELL),
    ("files = !ls", words.SHELL),
    ("if True:\n    !ls", words.SHELL),
    ("%%bash\nls", words.SHELL),
    ("%%bash\nrm -r data", words.DELETES),
    ("os.system('rm -r data')", words.DELETES),
    ("import subprocess", words.SHELL),
    ("get_ipython().system('ls')", words.SHELL),
    ("os.environ['HOME']", words.SECRETS),
    ("from os import environ", words.SECRETS),
    ("open('.env')", words.SECRETS),
    ("Path.home() / '.ssh'", words.SECRETS),
    ("%env TOKEN", words.SECRETS),
    ("import keyring", words.SECRETS),
    ("os.kill(pid, 9)", words.KILLS),
    ("exit()", words.KILLS),
    ("process.terminate()", words.KILLS),
    ("os.chmod('a', 0o777)", words.RIGHTS),
    ("while True:\n    pass", words.LONG),
    ("while 1:\n    for a in b:\n        break", words.LONG),
    ("for a in range(10**9):\n    pass", words.LONG),
    ("range(10**10**10)", words.LONG),
    ("time.sleep(60 * 60)", words.LONG),
    ("eval(text)", words.UNSEEN),
    ("exec(compile(text, '', 'exec'))", words.UNSEEN),
    ("import pickle\npickle.load(file)", words.UNSEEN),
    ("np.load('a.npy', allow_pickle=True)", words.UNSEEN),
    ("().__class__.__base__.__subclasses__()", words.UNSEEN),
    ("%run other.py", words.UNSEEN),
    ("from os import *\nremove('a')", words.UNSEEN),
    ("%%writefile a.py\nx", words.OVERWRITES),
    ("%%time\nos.remove('a')", words.DELETES),
    ("%timeit -n 3 -r 1 os.remove('a')", words.DELETES),
    ("df[", words.UNCHECKED),
    (">>> x", words.UNCHECKED),
    ("%%sql\nselect 1", words.UNCHECKED),
    ("%unknown", words.UNCHECKED),
    ("x = 'a\u202eb'", words.HIDDEN),
    ("x = 'a\u200bb'", words.HIDDEN),
    ("x = 'a\U000e0061b'", words.HIDDEN),
]
PLAIN = [
    "import pandas as pd\nimport numpy as np\ndf = pd.read_csv('sales.csv')\ndf.head()",
    "df.rename(columns={'a': 'b'}).replace('x', 'y').groupby('b')['v'].mean()",
    "text = df.to_csv()",
    "df.to_csv(sys.stdout)",
    "open('a.csv').read()",
    "open('new.csv', 'x')",
    "Path('a').open('r')",
    "fig, ax = plt.subplots()\nax.set_title('per km/h, see https://example.org')\nplt.show()",
    "print(f'/home/user has {n} files')",
    '"""Reads /etc/passwd no more."""\nx = 1',
    "names.remove('a')",
    "while True:\n    if done():\n        break",
    "def numbers():\n    while True:\n        yield 1",
    "for n in range(10**6):\n    pass",
    "%matplotlib inline\ndf.plot()",
    "%%time\ndf.describe()",
    "%timeit -n 3 -r 1 sum(x)",
    "df.head?\n?df",
    "await load()",
    "x = '👩\u200d🔬 and می\u200cخواهم'",
    "a = (17\n%5)",
]
SHELL = [
    ("rm -rf data", words.DELETES),
    ("ls; rm data", words.DELETES),
    ("find . -name '*.csv' -delete", words.DELETES),
    ("names | xargs rm", words.DELETES),
    ("mv a b", words.OVERWRITES),
    ("echo 1 > a", words.OVERWRITES),
    ("sed -i s/a/b/ f", words.OVERWRITES),
    ("cat /etc/hosts", words.OUTSIDE),
    ("ls ..", words.OUTSIDE),
    ("curl example.org", words.NETWORK),
    ("git clone there", words.NETWORK),
    ("sudo -n apt-get install jq", words.INSTALLS),
    ("sudo ls", words.RIGHTS),
    ("cat ~/.ssh/id_rsa", words.SECRETS),
    ("kill -9 1", words.KILLS),
    ("while true; do date; done", words.LONG),
    ("eval $x", words.UNSEEN),
    ("A=1 ./script", words.UNSEEN),
    ("$COMMAND a", words.UNSEEN),
    ("echo $(rm a)", words.DELETES),
]


@pytest.mark.parametrize(("source", "risk"), RISKY)
def test_a_risk_is_named(source: str, risk: str) -> None:
    assert risk in risks(source, "python")


@pytest.mark.parametrize("source", PLAIN)
def test_everyday_code_is_not_asked_about(source: str) -> None:
    assert risks(source, "python") == ()


@pytest.mark.parametrize(("source", "risk"), SHELL)
def test_a_risk_of_a_shell_is_named(source: str, risk: str) -> None:
    assert risk in risks(source, "bash")


@pytest.mark.parametrize("source", ["ls -l | head 2>/dev/null", "wc -l a.csv # rm it", "cut -d, -f1 a.csv 2>&1", ""])
def test_everyday_commands_are_not_asked_about(source: str) -> None:
    assert risks(source, "bash") == ()


@pytest.mark.parametrize("language", ["r", "julia", "", "sql"])
def test_what_cannot_be_read_is_said_to_be_unchecked(language: str) -> None:
    assert risks("1", language) == (words.UNCHECKED,)


def test_a_cell_that_nobody_reads_is_unchecked() -> None:
    assert risks("x\n" * MAX_CHARS, "python") == (words.UNCHECKED,)


def test_what_nobody_sees_does_not_hide_the_rest() -> None:
    assert risks("import os\nos.re\u200bmove('a')", "python") == (words.HIDDEN, words.DELETES)


def test_all_risks_of_a_cell_are_named_in_a_fixed_order() -> None:
    source = "import os, requests\nos.environ\nos.remove('a')\n!ls"
    assert risks(source, "python") == (words.DELETES, words.NETWORK, words.SHELL, words.SECRETS)


def test_each_risk_has_a_code_of_its_own() -> None:
    assert codes(words.ORDER) == get_args(Risk)


WORDS = """! % %% ? = ( ) ' ; | > $( os . .. / ~ # remove time bash pip install while True: range( 10** lambda: \\"""
PIECES = st.sampled_from([*WORDS.split(), '"""', " ", "\n", "\x00", "\ud800", "\u202e"])
REPEATED = (
    """a. ( - [ rm a= f( /.. 10** ; -i sed,- /proc/ a, # $( x=1\n 'a', !ls\n %time, while,True:\n, %%time\n \\\n >"""
)


@given(st.lists(PIECES | st.text(max_size=4), max_size=30).map("".join), st.sampled_from(["python", "bash", "r"]))
def test_it_never_raises_and_names_known_risks(source: str, language: str) -> None:
    found = risks(source, language)
    assert list(found) == [risk for risk in words.ORDER if risk in found]


@pytest.mark.parametrize("piece", [" ", "\t", *(word.replace(",", " ") for word in REPEATED.split(" "))])
@pytest.mark.parametrize("language", ["python", "bash"])
def test_no_cell_takes_long_to_read(piece: str, language: str) -> None:
    """A cell ten times as long as another may take ten times as long, with a wide margin for a busy machine."""
    short, long = (piece * (chars // len(piece)) for chars in (MAX_CHARS // 10, MAX_CHARS))
    took = [_seconds(source, language) for source in (short, long)]
    assert took[1] < 40 * max(took[0], 0.01)


def _seconds(source: str, language: str) -> float:
    """Of processor time, the best of three: the garbage of other tests is collected meanwhile, too."""
    return min(_taken(source, language) for _ in range(3))


def _taken(source: str, language: str) -> float:
    started = time.process_time()
    risks(source, language)
    return time.process_time() - started
