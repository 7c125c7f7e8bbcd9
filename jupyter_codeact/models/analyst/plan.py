"""From the transcript to the next reply: the data is found, loaded and described, then a recipe answers."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import TypeAlias

from jupyter_codeact.models.analyst import answers, cleaning, questions, recipes
from jupyter_codeact.models.analyst.around import inventory
from jupyter_codeact.models.analyst.drivers import drivers
from jupyter_codeact.models.analyst.frame import describe
from jupyter_codeact.models.analyst.loading import FILE_NAME
from jupyter_codeact.models.analyst.questions import Task
from jupyter_codeact.models.analyst.sources import find, intermediate, names_taken
from jupyter_codeact.models.analyst.stage import Findings, Plan, Stage, free
from jupyter_codeact.models.analyst.transcript import Step, Transcript
from jupyter_codeact.models.analyst.trend import trend
from jupyter_codeact.models.analyst.work import Work


def next_reply(transcript: Transcript) -> str:
    """The next cell with one sentence about it, or the answer."""
    if "python" not in transcript.language:
        return answers.other_language(transcript.language)
    latest = transcript.fresh[-1] if transcript.fresh else None
    if latest and latest.status in answers.STOPPED:
        return answers.STOPPED[latest.status].format(latest.title)
    plan, notes = analyse(transcript), ""
    try:
        stage = next(plan)
        while step := _reported(transcript, stage):
            if stage.plot and step.missing == "matplotlib":
                notes = " " + answers.WITHOUT.format("The plot", "matplotlib", "matplotlib")
                if stage.body:
                    stage = stage.undrawn
                    continue
            elif step.status == "error" and not stage.may_fail:
                return answers.failed(step.title, step.error)
            stage = plan.send(step)
    except StopIteration as end:
        return f"{end.value}{notes}"
    return stage.reply


def _reported(transcript: Transcript, stage: Stage) -> Step | None:
    """The step that did this stage; one that was stopped, or that failed for an earlier question, did not."""
    step = transcript.last(stage.title, fresh=not stage.lasting)
    if step is None or step.status in answers.STOPPED:
        return None
    return step if step.status == "ok" or stage.may_fail or step in transcript.fresh else None


def analyse(transcript: Transcript) -> Plan:
    """The whole way from the question to its answer."""
    asked = _whole_question(transcript)
    if not asked:
        return answers.GREETING
    if questions.INVENTORY.search(asked) and not FILE_NAME.search(asked):
        return (yield from inventory(intermediate(transcript)))
    source = yield from find(transcript, asked)
    if isinstance(source, str):
        return source
    taken = names_taken(transcript)
    frame = yield from describe(source.variable, taken)
    task = questions.understand(asked, frame)
    chosen = choose(task)
    if not chosen:
        return answers.abilities(source.path or source.variable, frame)
    work = Work(frame, task, frame.name, taken, note=source.note)
    if chosen != [recipes.missing]:
        work = yield from _prepared(work)
    lines: list[str] = []
    for recipe in chosen:
        found = yield from recipe(work)
        if isinstance(found, str):
            return found
        lines = [*found, *lines]  # what was asked for last is the point
    return work.answer(lines)


def _whole_question(transcript: Transcript) -> str:
    """The question; when it only answers "which do you mean?", together with the one before."""
    if "do you mean?" in transcript.answered and not questions.has_intent(transcript.question):
        return f"{transcript.question} {transcript.asked}"
    return transcript.question


def _prepared(work: Work) -> Generator[Stage, Step, Work]:
    """The work on a clean copy, where something must be cleaned, with `late` where it is asked for."""
    if cleaning.changes(work.frame):
        name = free(f"{work.frame.name}_clean", work.taken)
        yield cleaning.clean(work.frame, name)
        work = replace(work, data=name)
    if work.task.late:
        name = free(f"{work.frame.name}_late", work.taken)
        step = yield cleaning.late(work.data, name, work.task.late)
        work = replace(work, data=name, lateness=step.output)
    return work


Recipe: TypeAlias = Callable[[Work], Findings]


def choose(task: Task) -> list[Recipe]:
    """The recipes for the task: those of the first row whose condition holds."""
    asked, by, target = task.intents, task.by, task.target
    explained = "predict" in asked or ("drivers" in asked and not by)
    over_time = any(column.kind == "date" for column in (by or (target,)) if column)
    rows: tuple[tuple[bool, list[Recipe]], ...] = (
        (explained and "profile" in asked, [recipes.profile, drivers]),
        (explained, [drivers]),
        ("missing" in asked, [recipes.missing]),
        ("correlation" in asked and target is None, [recipes.correlation]),
        ("correlation" in asked, [recipes.plot if by else drivers]),
        (over_time or ("trend" in asked and not (by and by[0].kind == "category")), [trend]),
        (bool(by), [recipes.aggregate if task.aggregate else recipes.plot]),
        ("profile" in asked and target is None, [recipes.profile]),
        (target is not None, [recipes.distribution]),
        (bool({"plot", "distribution"} & asked) or bool(task.aggregate), [recipes.profile]),
    )
    return next((chosen for holds, chosen in rows if holds), [])
