"""GSM8K as a task of Inspect, with its own solver and scorer: the question as it stands, the last number of the answer."""

from inspect_ai import Task, task
from inspect_ai.dataset import Sample, json_dataset
from inspect_ai.scorer import match
from inspect_ai.solver import generate


def sample(row):
    return Sample(id=row["id"], input=row["question"], target=row["answer"].split("####")[-1].strip())


@task
def gsm8k(file: str):
    return Task(dataset=json_dataset(file, sample), solver=generate(), scorer=match(numeric=True))
