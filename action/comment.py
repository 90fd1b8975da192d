"""The comment of the GitHub Action on a pull request: written once, then kept up to date.

In: the text that `steps.py plan` wrote, the token, repository and number of the pull request as environment
variables. A token that may not write (pull requests from forks) is no failure: the summary has the text.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

MARK = "<!-- healthdsl plan -->"
SECONDS = 30
MOST_PAGES = 20


def main() -> int:
    """Write the comment, or write it anew; 0 where the token may not."""
    path = Path(os.environ["RUNNER_TEMP"], "healthdsl-plan.md")
    if not path.is_file():
        print("there is no plan to comment")
        return 0
    body = {"body": f"{MARK}\n{path.read_text('utf-8')}"}
    number = int(os.environ["PULL_REQUEST"])
    repository = os.environ["GITHUB_REPOSITORY"]
    try:
        own = _own_comment(f"/repos/{repository}/issues/{number}/comments")
        if own is None:
            _ask("POST", f"/repos/{repository}/issues/{number}/comments", body)
        else:
            _ask("PATCH", f"/repos/{repository}/issues/comments/{own}", body)
    except urllib.error.HTTPError as problem:
        if problem.code in {401, 403, 404}:
            print(f"::notice::the token may not comment ({problem.code}); the summary has the plan")
            return 0
        print(f"::error::GitHub did not take the comment: {problem.code}")
        return 1
    except urllib.error.URLError as problem:
        print(f"::error::GitHub did not answer: {type(problem.reason).__name__}")
        return 1
    return 0


def _own_comment(path: str) -> int | None:
    """The comment that this action wrote before: of the owner of the token, or else of a bot. What a person
    quotes of it does not begin with the mark.
    """
    login = _login()
    for page in range(1, MOST_PAGES + 1):
        comments = _ask("GET", f"{path}?per_page=100&page={page}")
        for comment in comments:
            user = comment.get("user") or {}
            is_own = user.get("type") == "Bot" if login is None else user.get("login") == login
            if is_own and str(comment.get("body", "")).startswith(MARK):
                return int(comment["id"])
        if len(comments) < 100:
            return None
    return None


def _login() -> str | None:
    """Who the token belongs to; None for the token of a job, which is nobody's."""
    try:
        return str(_ask("GET", "/user")["login"])
    except urllib.error.HTTPError as problem:
        if problem.code in {401, 403, 404}:
            return None
        raise


def _ask(method: str, path: str, body: dict[str, str] | None = None) -> Any:
    """One request to GitHub's API; HTTPError when it is refused."""
    address = os.environ.get("GITHUB_API_URL", "https://api.github.com")
    request = urllib.request.Request(  # noqa: S310 -- the runner's own address
        f"{address}{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
            "Accept": "application/vnd.github+json",
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
        return json.load(answer)


if __name__ == "__main__":
    sys.exit(main())
