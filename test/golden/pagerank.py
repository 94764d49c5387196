"""Personalised PageRank of networkx on Zachary's karate club, for src/graph/page-rank.test.ts, and what its Louvain
reaches there from twenty seeds, for src/graph/louvain.test.ts. Run with the peers' Python; writes pagerank.json beside this file."""

import json
from pathlib import Path

import networkx as nx

graph = nx.karate_club_graph()
teleport = [0.0] * graph.number_of_nodes()
teleport[3], teleport[20] = 3.0, 1.0
damping = 0.5
shares = nx.pagerank(
    graph, alpha=damping, personalization=dict(enumerate(teleport)), weight="weight", tol=1e-12, max_iter=1000
)
reached = sorted(
    nx.community.modularity(graph, nx.community.louvain_communities(graph, seed=seed)) for seed in range(20)
)
golden = {
    "networkx": nx.__version__,
    "nodes": graph.number_of_nodes(),
    "edges": [[a, b, data["weight"]] for a, b, data in graph.edges(data=True)],
    "teleport": teleport,
    "damping": damping,
    "shares": [shares[node] for node in graph],
    "modularity": {"worst": reached[0], "median": reached[10], "best": reached[-1]},
}
Path(__file__).with_suffix(".json").write_text(json.dumps(golden) + "\n")
