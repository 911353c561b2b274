"""One user's data folder: where things lie in it, who may write now, and whether it belongs to the demo."""

from pecdesk.profile.paths import Profile

__all__ = ["Profile"]
