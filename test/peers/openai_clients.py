"""Calls a running server as Python's clients do. Usage: openai_clients.py ADDRESS MODEL EMBEDDER TRAINING_FILE

Prints a line of JSON for each thing tried: {"name", "error"}, the error null where it went as the client expects."""

import asyncio
import io
import sys
import time

import openai
from langchain_openai import ChatOpenAI, OpenAI as CompletionOpenAI, OpenAIEmbeddings

from run_tries import run

address, model, embedder, training_file = sys.argv[1:]
client = openai.OpenAI(base_url=address, api_key="none", max_retries=0)
question = [{"role": "user", "content": "what is c?"}]
greedy = {"model": model, "max_tokens": 8, "temperature": 0}


def _ask():
    return client.chat.completions.create(messages=question, **greedy).choices[0].message.content


tuned = []


def fine_tuning():
    with open(training_file, "rb") as content:
        file = client.files.create(file=content, purpose="fine-tune")
    client.files.wait_for_processing(file.id)
    job = client.fine_tuning.jobs.create(
        model=model,
        training_file=file.id,
        suffix="py",
        seed=7,
        method={"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 8}}},
    )
    while job.status not in ("succeeded", "failed", "cancelled"):
        time.sleep(0.3)
        job = client.fine_tuning.jobs.retrieve(job.id)
    assert job.status == "succeeded", job
    tuned.append(job.fine_tuned_model)
    answer = client.chat.completions.create(model=job.fine_tuned_model, messages=question)
    assert answer.choices[0].message.content == "red", answer
    assert any("succeeded" in event.message for event in client.fine_tuning.jobs.list_events(job.id, limit=2))
    assert list(client.fine_tuning.jobs.checkpoints.list(job.id))
    assert job.id in [each.id for each in client.fine_tuning.jobs.list(limit=1)]


def chat():
    answer = client.chat.completions.create(messages=question, n=2, seed=1, **greedy)
    assert len(answer.choices) == 2 and answer.usage.completion_tokens > 0, answer
    assert answer.choices[0].finish_reason in ("stop", "length"), answer


def stream():
    pieces = client.chat.completions.create(
        messages=question, stream=True, stream_options={"include_usage": True}, **greedy
    )
    chunks = list(pieces)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == _ask(), text
    assert chunks[-1].usage.total_tokens > 0 and chunks[-1].choices == []


def stream_helper():
    with client.chat.completions.stream(model=tuned[0], messages=question) as events:
        kinds = [event.type for event in events]
        final = events.get_final_completion()
    assert final.choices[0].message.content == "red" and "content.done" in kinds, (final, kinds)


async def stream_async():
    own = openai.AsyncOpenAI(base_url=address, api_key="none", max_retries=0)
    texts = []

    async def one():
        pieces = await own.chat.completions.create(messages=question, stream=True, **greedy)
        text = ""
        async for chunk in pieces:
            text += chunk.choices[0].delta.content or ""
        texts.append(text)

    await asyncio.gather(*(one() for _ in range(8)))
    assert set(texts) == {_ask()}, texts


def completion():
    answer = client.completions.create(prompt=["a", "b"], **greedy)
    assert [choice.index for choice in answer.choices] == [0, 1]
    parts = list(client.completions.create(prompt="a", stream=True, **greedy))
    assert "".join(part.choices[0].text for part in parts) == answer.choices[0].text


def logprobs():
    answer = client.chat.completions.create(messages=question, logprobs=True, top_logprobs=2, **greedy)
    tokens = answer.choices[0].logprobs.content
    assert len(tokens) > 0 and all(len(token.top_logprobs) == 2 for token in tokens)


def embeddings():
    plain = client.embeddings.create(model=embedder, input="a ferry", encoding_format="float")
    coded = client.embeddings.create(model=embedder, input=["a ferry", "a boat"])
    near = max(abs(a - b) for a, b in zip(plain.data[0].embedding, coded.data[0].embedding))
    assert near < 1e-6 and len(coded.data) == 2, near


def errors():
    for kind, call in (
        (openai.NotFoundError, lambda: client.chat.completions.create(model="none", messages=question)),
        (openai.BadRequestError, lambda: client.chat.completions.create(model=model, messages=[])),
        (openai.NotFoundError, lambda: client.files.retrieve("file-none")),
        (
            openai.BadRequestError,
            lambda: client.chat.completions.create(
                model=model, messages=[{"role": "user", "content": "word " * 9000}], stream=True
            ),
        ),
    ):
        try:
            call()
        except kind as error:
            assert error.code and error.body["message"], error.body
        else:
            raise AssertionError(f"no {kind.__name__}")


def models():
    ids = [each.id for each in client.models.list()]
    assert model in ids and embedder in ids, ids
    assert client.models.retrieve(model).id == model


def files():
    before = len(list(client.files.list()))
    file = client.files.create(file=("notes.md", io.BytesIO(b"# Notes\n\nA dog pays 3 pounds."), "text/markdown"), purpose="assistants")
    assert client.files.content(file.id).read() == b"# Notes\n\nA dog pays 3 pounds."
    assert client.files.retrieve(file.id).filename == "notes.md"
    assert len(list(client.files.list(limit=1))) == before + 1
    assert client.files.delete(file.id).deleted
    assert len(list(client.files.list())) == before


def vector_store_and_file_search():
    store = client.vector_stores.create(name="town", metadata={"of": "test"})
    for name, text in (
        ("ferry.md", "# Ferry\n\nThe ferry leaves at nine. A dog pays three pounds."),
        ("bakery.md", "# Bakery\n\nThe bakery opens at six and sells rye bread."),
    ):
        added = client.vector_stores.files.upload_and_poll(vector_store_id=store.id, file=(name, text.encode()))
        assert added.status == "completed", added
    batch = client.vector_stores.file_batches.upload_and_poll(
        vector_store_id=store.id, files=[("post.md", b"# Post\n\nThe post office shuts at five.")]
    )
    assert batch.status == "completed" and batch.file_counts.completed == 1, batch
    listed = client.vector_stores.file_batches.list_files(batch.id, vector_store_id=store.id)
    assert len(list(listed)) == 1
    assert client.vector_stores.update(store.id, name="city").name == "city"
    assert client.vector_stores.retrieve(store.id).metadata == {"of": "test"}
    found = client.vector_stores.search(store.id, query="What does a dog pay on the ferry?", max_num_results=2)
    assert found.data[0].filename == "ferry.md", found
    listed = list(client.vector_stores.files.list(store.id, limit=2))
    assert len(listed) == 3, listed
    answer = client.responses.create(
        model=model,
        input="What does a dog pay?",
        tools=[{"type": "file_search", "vector_store_ids": [store.id]}],
        include=["file_search_call.results"],
    )
    search = next(item for item in answer.output if item.type == "file_search_call")
    assert search.results[0].filename == "ferry.md" and search.queries, search
    assert client.vector_stores.delete(store.id).deleted


def responses():
    plain = client.responses.create(model=tuned[0], input="what is c?", max_output_tokens=8)
    with client.responses.stream(model=tuned[0], input="what is c?", max_output_tokens=8) as events:
        kinds = [event.type for event in events]
        final = events.get_final_response()
    assert kinds[0] == "response.created" and kinds[-1] == "response.completed", kinds
    assert final.output_text == plain.output_text == "red"
    listed = client.responses.create(
        model=model, instructions="Be short.", input=[{"role": "user", "content": [{"type": "input_text", "text": "a"}]}]
    )
    assert listed.usage.total_tokens > 0


def langchain():
    chat = ChatOpenAI(base_url=address, api_key="none", model=model, max_tokens=8, temperature=0)
    assert chat.invoke("what is c?").content == _ask()
    pieces = list(chat.stream("what is c?"))
    assert "".join(piece.content for piece in pieces) == _ask(), pieces
    assert [answer.content for answer in chat.batch(["what is c?"] * 3)] == [_ask()] * 3
    with_usage = ChatOpenAI(base_url=address, api_key="none", model=model, max_tokens=8, temperature=0, stream_usage=True)
    assert any(piece.usage_metadata for piece in with_usage.stream("what is c?"))
    by_responses = ChatOpenAI(base_url=address, api_key="none", model=model, max_tokens=8, temperature=0, use_responses_api=True)
    assert by_responses.invoke("what is c?").text == _ask()
    assert "".join(piece.text for piece in by_responses.stream("what is c?")) == _ask()
    plain = CompletionOpenAI(base_url=address, api_key="none", model=model, max_tokens=8, temperature=0)
    assert plain.invoke("a") == client.completions.create(prompt="a", **greedy).choices[0].text


def langchain_embeddings():
    own = OpenAIEmbeddings(base_url=address, api_key="none", model=embedder, check_embedding_ctx_length=False)
    vectors = own.embed_documents(["a ferry", "a boat"])
    assert len(vectors) == 2 and len(own.embed_query("a ferry")) == len(vectors[0])


run(globals())
