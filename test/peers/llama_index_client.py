"""Calls a running server as LlamaIndex does. Usage: llama_index_client.py ADDRESS MODEL EMBEDDER; prints as run_tries.py."""

import sys

from llama_index.core.llms import ChatMessage
from llama_index.embeddings.openai_like import OpenAILikeEmbedding
from llama_index.llms.openai_like import OpenAILike

from run_tries import run

address, model, embedder = sys.argv[1:]


def chat():
    own = OpenAILike(api_base=address, api_key="none", model=model, is_chat_model=True, max_tokens=8, temperature=0)
    question = [ChatMessage(role="user", content="what is c?")]
    answer = own.chat(question).message.content
    pieces = list(own.stream_chat(question))
    assert answer and pieces[-1].message.content == answer, (answer, pieces[-1])
    assert own.complete("what is c?").text == answer


def embeddings():
    own = OpenAILikeEmbedding(api_base=address, api_key="none", model_name=embedder)
    assert len(own.get_text_embedding_batch(["a ferry", "a boat"])) == 2


run(globals())
