"""What creators say of themselves, and what is said of them; keys that a schema does not name are ignored."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema
from marshmallow.validate import Regexp

from common.emails import LONGEST as LONGEST_EMAIL
from common.http.fields import Choice, Flag, HttpsAddress, Text, WholeNumber
from common.http.picture_fields import Colour, Picture
from common.http.validation import Schema
from common.passwords import LONGEST as LONGEST_PASSWORD
from common.repositories.creators import STATUSES

LONGEST_NAME = 100
LONGEST_BIO = 500
LONGEST_REASON = 500
PICTURE_TYPES = ("image/jpeg", "image/png", "image/webp")


class SocialLinks(Schema):
    """Where else a creator is found."""

    instagram = HttpsAddress(500, allow_none=True)
    pinterest = HttpsAddress(500, allow_none=True)
    tiktok = HttpsAddress(500, allow_none=True)

    @post_load
    def _without_nothing(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: link for name, link in data.items() if link}


class Theme(Schema):
    """The colours and the font of a creator's page."""

    primary_color = Colour(needed=True, data_key="primaryColor", required=True)
    accent_color = Colour(needed=True, data_key="accentColor", required=True)
    font = Text(100, strip=False, required=True, validate=Regexp(r"[\s\S]*\S", error="must not be empty"))


class ProfileChanges(Schema):
    """Changes of a creator's profile; their rules are those of a new one."""

    display_name = Text(LONGEST_NAME, shortest=1, data_key="displayName", required=True)
    bio = Text(LONGEST_BIO, strip=False)
    profile_image = Picture(data_key="profileImage")
    cover_image = Picture(data_key="coverImage")
    social_links = fields.Nested(SocialLinks, data_key="socialLinks")
    theme = fields.Nested(Theme)


class NewCreator(ProfileChanges):
    """A new creator, whose slug is made of `username`."""

    username = Text(LONGEST_NAME, shortest=1, required=True)


class NewCreatorAndAccount(NewCreator):
    """A new creator with an account of their own, by whose address they sign in."""

    email = Text(LONGEST_EMAIL, shortest=1, required=True)
    password = Text(LONGEST_PASSWORD, shortest=1, strip=False, required=True)


class CreatorForAccount(NewCreator):
    """A new creator for the account that is named by its id or e-mail address, by default the caller's."""

    user_id = Text(100, data_key="userId")
    email = Text(LONGEST_EMAIL)


class CreatorAccount(Schema):
    """The account that is to act for a creator, by its id or its e-mail address."""

    user_id = Text(100, shortest=1, data_key="userId")
    email = Text(LONGEST_EMAIL, shortest=1)

    @validates_schema(skip_on_field_errors=True)
    def _one_is_named(self, data: dict[str, Any], **_: Any) -> None:
        if not data:
            raise ValidationError({"userId": ["is required, or email"]})


class CreatorStatus(Schema):
    """Whether a creator is shown, and why that was decided."""

    status = Choice(*STATUSES, required=True)
    reason = Text(LONGEST_REASON, load_default="")


class NotificationPreferences(Schema):
    """What a creator wants to be told of by mail; what is not named stays."""

    productApproval = Flag()  # noqa: N815 - as it is stored
    productRejection = Flag()  # noqa: N815
    accountStatusChange = Flag()  # noqa: N815
    milestones = Flag()


class PictureToUpload(Schema):
    """A picture that a browser is about to send; its size in bytes."""

    file_name = Text(255, shortest=1, data_key="fileName", required=True)
    file_type = Choice(*PICTURE_TYPES, data_key="fileType", required=True)
    file_size = WholeNumber(minimum=1, data_key="fileSize")
