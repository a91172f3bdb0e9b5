"""Google's client for Gmail, built from a discovery document in which nothing can send, insert, change or remove.

The document comes with the library; of it only the methods below are kept, so the others are no attributes at all.
Pages: developers.google.com/workspace/gmail/api/reference/rest and developers.google.com/discovery/v1/reference/apis.
"""

import json
from collections.abc import Mapping
from typing import Any

from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc

from connectors.port import Refused

METHODS = frozenset(
    {
        "getProfile",
        "drafts.create",
        "drafts.get",
        "drafts.list",
        "history.list",
        "labels.list",
        "messages.attachments.get",
        "messages.get",
        "messages.list",
        "threads.get",
    }
)
_KEPT = ("name", "version", "rootUrl", "servicePath", "parameters", "schemas")
_UPLOADS = ("mediaUpload", "supportsMediaUpload")


def build_users(http: object, root: str) -> Any:
    """The ``users`` resource of the service at ``root``, speaking through ``http``."""
    found = get_static_doc("gmail", "v1")
    if found is None:
        raise Refused(
            "Google's client library has no description of Gmail; run: pip install -U google-api-python-client"
        )
    return build_from_document(trimmed(json.loads(found), root), http=http).users()


def trimmed(document: Mapping[str, Any], root: str) -> dict[str, Any]:
    """The discovery document with the allowed methods alone, at another address."""
    users = _kept(document["resources"]["users"], "")
    return {name: document[name] for name in _KEPT} | {"rootUrl": root, "resources": {"users": users}}


def _kept(resource: Mapping[str, Any], path: str) -> dict[str, Any]:
    methods = {
        name: {key: value for key, value in method.items() if key not in _UPLOADS}
        for name, method in resource.get("methods", {}).items()
        if path + name in METHODS
    }
    children = {name: _kept(child, f"{path}{name}.") for name, child in resource.get("resources", {}).items()}
    return {"methods": methods, "resources": {name: child for name, child in children.items() if any(child.values())}}
