"""The JSON of creators: as everybody sees them, as they see themselves, as administrators do."""

from collections.abc import Mapping
from typing import Any

from common.media import url_for
from common.repositories.creators import MAILS, Creator

# What a page looks like whose creator has chosen nothing, in the names of rows.
DEFAULT_THEME = {"primary_color": "#3B82F6", "accent_color": "#10B981", "font": "Inter"}


def creator_json(creator: Creator) -> dict[str, Any]:
    """A creator as everybody sees them: neither their account nor what they want to be told of."""
    return {
        "id": creator.id,
        "slug": creator.slug,
        "displayName": creator.display_name,
        "bio": creator.bio,
        "profileImage": url_for(creator.profile_image),
        "coverImage": url_for(creator.cover_image),
        "socialLinks": dict(creator.social_links),
        "theme": theme_json(creator.theme),
        "status": creator.status,
        "createdAt": creator.created_at,
        "updatedAt": creator.updated_at,
    }


def own_creator_json(creator: Creator) -> dict[str, Any]:
    """A creator as they see themselves."""
    wanted = {name: creator.wants(name) for name in MAILS}
    return creator_json(creator) | {"userId": creator.user_id, "notificationPreferences": wanted}


def managed_creator_json(creator: Creator) -> dict[str, Any]:
    """The same, and since when works have yet to follow the status."""
    return own_creator_json(creator) | {"worksPending": creator.works_pending}


def listed_creator_json(creator: Creator, email: str | None, works: int) -> dict[str, Any]:
    """A creator as administrators see them: with the account's address and how many works there are."""
    return managed_creator_json(creator) | {"email": email, "productCount": works}


def theme_json(theme: Mapping[str, str]) -> dict[str, str]:
    """What a creator's page looks like."""
    whole = {**DEFAULT_THEME, **theme}
    return {
        "primaryColor": whole["primary_color"],
        "accentColor": whole["accent_color"],
        "font": whole["font"],
    }
