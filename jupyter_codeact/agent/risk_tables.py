"""What is known of names: which modules, functions, methods, magics and commands bring which risk.

The tables are advice for a reader of the code, not a sandbox: whoever wants to hide something from them can.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from jupyter_codeact.risk import Risk

DELETES = "deletes files"
OVERWRITES = "writes or overwrites files"
OUTSIDE = "reaches outside the notebook's folder"
NETWORK = "uses the network"
INSTALLS = "installs or removes packages"
SHELL = "runs shell commands"
SECRETS = "reads environment variables or credentials"
KILLS = "ends processes"
RIGHTS = "changes rights, or acts with higher ones"
LONG = "may run for very long"
UNSEEN = "runs code that is not shown here"
HIDDEN = "holds invisible characters"
UNCHECKED = "cannot be checked"

ORDER = (
    UNCHECKED, HIDDEN, DELETES, OVERWRITES, OUTSIDE, NETWORK, INSTALLS, SHELL, SECRETS, KILLS, RIGHTS, LONG, UNSEEN
)  # fmt: skip
"""All of them, as they are named to the user."""

CODES: Mapping[str, Risk] = {
    UNCHECKED: "unchecked",
    HIDDEN: "hidden",
    DELETES: "deletes",
    OVERWRITES: "overwrites",
    OUTSIDE: "outside",
    NETWORK: "network",
    INSTALLS: "installs",
    SHELL: "shell",
    SECRETS: "secrets",
    KILLS: "kills",
    RIGHTS: "rights",
    LONG: "long",
    UNSEEN: "unseen",
}
"""What journals and other languages call them."""


def _table(**rows: str) -> dict[str, str]:
    """Each name of a row's text, to what the row is called."""
    return {name: globals()[risk] for risk, names in rows.items() for name in names.split()}


MODULES = _table(
    NETWORK="""requests httpx aiohttp urllib3 urllib.request http.client socket ftplib smtplib imaplib poplib telnetlib
        xmlrpc websocket websockets paramiko boto3 botocore s3fs gcsfs fsspec huggingface_hub yfinance wget pycurl
        google.cloud azure pandas_datareader kaggle openai""",
    INSTALLS="pip ensurepip piplite micropip",
    SHELL="subprocess pty pexpect sh plumbum invoke fabric",
    SECRETS="keyring dotenv getpass",
    UNSEEN="ctypes cffi runpy importlib code codeop marshal shelve dill cloudpickle",
)
"""Any mention of what is in them."""

NAMES = _table(
    DELETES="""os.remove os.unlink os.rmdir os.removedirs os.truncate shutil.rmtree send2trash.send2trash""",
    OVERWRITES="""os.rename os.renames os.replace os.link os.symlink shutil.move shutil.copy shutil.copy2
        shutil.copyfile shutil.copytree shutil.unpack_archive shutil.make_archive sqlite3.connect np.save np.savez
        np.savetxt np.savez_compressed np.memmap numpy.save numpy.savez numpy.savetxt numpy.savez_compressed
        numpy.memmap torch.save joblib.dump zipfile.ZipFile.extractall""",
    OUTSIDE="os.chdir os.fchdir os.chroot",
    NETWORK="webbrowser.open seaborn.load_dataset sns.load_dataset",
    SHELL="""os.system os.popen os.startfile os.execl os.execle os.execlp os.execv os.execve os.execvp os.spawnl
        os.spawnv os.spawnlp os.spawnvp os.posix_spawn os.fork asyncio.create_subprocess_shell
        asyncio.create_subprocess_exec""",
    SECRETS="os.environ os.environb os.getenv os.getenvb os.putenv os.path.expandvars",
    KILLS="os.kill os.killpg os._exit os.abort signal.raise_signal exit quit faulthandler._sigsegv",
    RIGHTS="os.chmod os.chown os.lchown os.setuid os.setgid shutil.chown",
    UNSEEN="""eval exec compile __import__ builtins.eval builtins.exec builtins.compile builtins.__import__
        __builtins__ execfile pd.read_pickle pandas.read_pickle pickle.load pickle.loads pickle.Unpickler cPickle.load
        cPickle.loads joblib.load torch.load yaml.load yaml.unsafe_load""",
)
"""Functions and values by their full name, wherever they are mentioned."""

MEMBERS = _table(
    DELETES="rmtree unlink rmdir removedirs drop_database drop_table delete_object",
    OVERWRITES="write_text write_bytes extractall to_sql",
    NETWORK="urlopen urlretrieve read_gbq fetch_openml load_dataset from_pretrained hf_hub_download download_file",
    SHELL="system getoutput check_output check_call Popen run_cell_magic run_line_magic run_cell magic",
    SECRETS="get_password expanduser",
    KILLS="killpg do_shutdown shutdown_kernel",
    UNSEEN="read_pickle import_module __subclasses__ __globals__ __builtins__ __import__ __code__ __loader__",
)
"""Attributes of objects whose type is not known, and names of which only the last part is."""

FINAL = _table(KILLS="kill terminate", NETWORK="download", SHELL="popen")
"""Methods that are a risk when they are called."""

WRITERS = frozenset(
    """to_csv to_parquet to_excel to_json to_pickle to_feather to_hdf to_stata to_html to_markdown to_latex to_xml
    to_orc to_string to_zarr to_netcdf savefig savetxt imsave imwrite write_csv write_parquet write_json write_ndjson
    write_excel write_image write_html sink_csv sink_parquet""".split()
)
"""Methods that write the file named by their first argument; without one they return text."""

PATH_WORDS = frozenset({"path", "path_or_buf", "path_or_buffer", "excel_writer", "fname", "buf", "file", "io", "fp"})
"""What that argument is called where it is given by name."""

TEXT_CALLS = frozenset(
    """print format split rsplit join strip lstrip rstrip replace startswith endswith count find title set_title xlabel
    ylabel set_xlabel set_ylabel text annotate legend suptitle Markdown HTML""".split()
)
"""Calls whose words are text and not paths or addresses."""

COMMANDS = _table(
    DELETES="rm rmdir unlink shred truncate mkfs wipefs del erase",
    OVERWRITES="mv cp dd tee install ln rsync tar unzip gunzip gzip patch split",
    NETWORK="curl wget ssh scp sftp ftp nc ncat netcat telnet aws gsutil gcloud az kubectl docker rclone ping",
    INSTALLS="apt apt-get aptitude dpkg yum dnf apk pacman brew snap easy_install",
    SECRETS="env printenv set export declare pass gpg",
    KILLS="kill killall pkill shutdown reboot halt poweroff systemctl service exit logout",
    RIGHTS="sudo su doas chmod chown chgrp setfacl passwd crontab at mount umount",
    LONG="yes",
    UNSEEN="""eval source . sh bash zsh fish dash ksh python python3 perl ruby node php R Rscript xargs parallel exec
        awk make jupyter ipython""",
)
"""Programs, by their name."""

WITH_WORDS = {
    INSTALLS: re.compile(
        r"(pip3?|conda|mamba|micromamba|uv|poetry|pipx|npm|npx|yarn|pnpm|gem|cargo|go|pixi)\s(?:.*\s)?"
        r"(install|uninstall|remove|update|upgrade|add|create|sync|i|env|exec|run|pip)\b"
    ),
    NETWORK: re.compile(r"git\s(?:.*\s)?(clone|pull|push|fetch|remote|submodule|ls-remote)\b"),
    DELETES: re.compile(r"find\s.*\s-delete\b|git\s(?:.*\s)?(clean|rm)\b"),
    OVERWRITES: re.compile(r"sed\s(?:.*\s)?(-\w*i\w*|--in-place)|git\s(?:.*\s)?(checkout|reset|restore|stash|merge)\b"),
    UNSEEN: re.compile(r"find\s.*\s-(exec|execdir|ok)\b"),
    LONG: re.compile(r"(while\s+(true|:)|until\s+false|sleep\s+(\d{4,}|\d+[hd]|inf))"),
}
"""Programs that are a risk with some words only."""

MAGICS = _table(
    INSTALLS="pip conda mamba micromamba uv",
    SHELL="sx system bash sh script cmd",
    OVERWRITES="writefile file save notebook logstart",
    OUTSIDE="cd pushd popd",
    SECRETS="env set_env",
    UNSEEN="run load loadpy macro pylab edit recall rerun html javascript js svg perl ruby pypy python python2 python3",
)
"""IPython's magics, without their signs."""

CODE_MAGICS = frozenset({"time", "timeit", "prun", "capture", "memit", "mprun", "lprun", "debug"})
"""Magics after which Python code follows."""

PLAIN_MAGICS = frozenset(
    """matplotlib config precision who whos who_ls pwd load_ext reload_ext autoreload pdoc pdef psource pinfo pinfo2
    history hist lsmagic magic quickref xmode pprint colors ls ll cat head tail less more man page reset_selective
    alias_magic tb pdb doctest_mode dhist dirs bookmark markdown latex""".split()
)
"""Magics that do no harm."""

ADDRESS = re.compile(r"\s*(https?|ftps?|s3a?|gs|az|abfss?|hdfs|wss?|ssh|git)://", re.IGNORECASE)

OUTSIDE_PATH = re.compile(
    r"""\s*(?: ~ (?: [\\/] | \w+[\\/] | $ )
        | / (?: [\w.-]+ / | (?: bin|boot|data|dev|etc|home|lib|mnt|media|opt|proc|root|run|sbin|srv|sys|tmp|usr|var
            |Users|Volumes|private ) \b)
        | [A-Za-z]: [\\/] | \\\\ | file:// )
    | (?: ^ | [\\/] | \s ) \.\. (?: [\\/] | \s* $ )""",
    re.VERBOSE,
)

SECRET_PATH = re.compile(
    r"""(?: ^ | [\\/\s] ) (?: \.ssh | \.aws | \.env | \.netrc | _netrc | \.pypirc | \.git-credentials | \.kube
        | \.gnupg | \.docker | \.npmrc | \.pgpass | id_(?:rsa|dsa|ecdsa|ed25519) | credentials(?:\.json)?
        | secrets?\.(?:json|ya?ml|toml|env) ) (?: [\\/.\s] | $ )
    | /proc/ [^/\s]* /environ | /etc/ (?: shadow | passwd )""",
    re.VERBOSE,
)
