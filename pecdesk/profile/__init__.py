"""One user's data folder: where things lie in it, who may write now, the settings; the accounts and their passwords."""

from pecdesk.profile.paths import Profile
from pecdesk.profile.settings import LanguageChoice, SavedSearch, Settings, ThemeChoice

__all__ = ["LanguageChoice", "Profile", "SavedSearch", "Settings", "ThemeChoice"]
