"""The shapes of what the shop domain answers, by the names that its routes declare."""

from decimal import Decimal
from typing import Any, Literal, NotRequired, TypedDict

from common.http.shapes import Continued, Message, Page
from shop.analytics.answers import CreatorAnalytics, PlatformAnalytics, Recorded
from shop.mail.answers import Mail, MailList, SuppressedAddresses

__all__ = [
    "CreatorAnalytics",
    "Mail",
    "MailList",
    "Message",
    "PlatformAnalytics",
    "Recorded",
    "SuppressedAddresses",
]


class SignIn(Message):
    """A token, which is set as a cookie too."""

    user: str
    token: str


class User(TypedDict):
    """A user as the clients of the users' API know them."""

    id: str
    email: str
    name: str
    createdAt: str
    updatedAt: str


class UserList(Continued):
    """Users, the oldest first."""

    success: Literal[True]
    data: list[User]


class UserAnswer(TypedDict):
    """A user, and what was done."""

    success: Literal[True]
    data: User
    message: NotRequired[str]


class UserRemoved(TypedDict):
    """That a user is gone."""

    success: Literal[True]
    data: None
    message: str


class NumberOfUsers(TypedDict):
    """How many there are."""

    count: int


class UserCount(TypedDict):
    """How many users there are."""

    success: Literal[True]
    data: NumberOfUsers


class Existence(TypedDict):
    """Whether there is one."""

    exists: bool


class UserExists(TypedDict):
    """Whether there is a user."""

    success: Literal[True]
    data: Existence


class UserNotRemoved(TypedDict):
    """What was in the way of removing one of several users."""

    id: str
    error: str


class Removal(TypedDict):
    """Which users are gone and which are not, by their ids as they were passed."""

    success: list[str]
    failed: list[UserNotRemoved]


class UserRemoval(TypedDict):
    """What came of removing several users."""

    success: Literal[True]
    data: Removal


class Me(TypedDict):
    """Who is signed in; the administrator of the settings has no address."""

    id: str
    name: str
    username: str | None
    email: str | None
    role: str
    second_factor: bool


class TotpSecret(TypedDict):
    """A secret for an app that makes codes, in base32 and as `otpauth://totp/...`."""

    secret: str
    uri: str


class RecoveryCodes(TypedDict):
    """Codes that sign in once each where the app is not at hand; they are shown this once."""

    recovery_codes: list[str]


class AdminUser(TypedDict):
    """An account as administrators see it; `username` is the address where there is no other name."""

    id: str
    username: str
    email: str
    givenName: str
    familyName: str
    enabled: bool
    status: Literal["CONFIRMED", "FORCE_CHANGE_PASSWORD"]
    created: str
    modified: str
    role: str
    groups: list[str]


class AdminUserList(Continued):
    """Accounts, the oldest first; `count` counts those shown."""

    users: list[AdminUser]
    count: int


class CreatedAdminUser(Message):
    """An account that was added; with the password that was generated for it, where nobody else tells it."""

    id: str
    username: str
    email: str
    role: str
    temporaryPassword: NotRequired[str]


class ChangedAdminUser(Message):
    """An account that was changed."""

    user: AdminUser


class PasswordReset(Message):
    """What became of a password; with the token to choose another one, where no mail brings it."""

    resetToken: NotRequired[str]
    expiresAt: NotRequired[str]


class Check(TypedDict):
    """Whether one part of the storage answered in time."""

    status: Literal["healthy", "unhealthy"]
    latency_ms: NotRequired[int]


class Health(TypedDict):
    """Whether the storage can be reached."""

    ok: bool
    status: Literal["healthy", "unhealthy"]
    service: str
    version: str
    timestamp: str
    checks: dict[str, Check]


class MonthOfSales(TypedDict):
    """What was sold in a month."""

    month: str
    sales: Decimal


class Activity(TypedDict):
    """Something new."""

    type: str
    description: str
    time: str


class Stats(TypedDict):
    """The figures of the dashboard."""

    totalProducts: int
    totalOrders: int
    totalPersonaggi: int
    totalRevenue: Decimal
    currency: str
    revenueByCurrency: dict[str, Decimal]
    salesData: list[MonthOfSales]
    recentActivity: list[Activity]


class Alive(TypedDict):
    """That the shop answers; nothing is asked of the storage."""

    status: Literal["healthy"]
    timestamp: str
    environment: str


class Enterprise(TypedDict):
    """An organisation; `name` is missing where it was imported without one."""

    id: str
    name: NotRequired[str]
    createdAt: str
    updatedAt: str


class Unmet(TypedDict):
    """Why nothing was done."""

    error: Literal["Not found", "id required"]


class Nothing(TypedDict):
    """Nothing more to say."""


class EnterpriseTable(TypedDict):
    """Rows of enterprises as they are stored; of a table that could not be read its name alone."""

    tableName: str
    totalItems: NotRequired[int]
    items: NotRequired[list[dict[str, Any]]]
    itemStructure: NotRequired[list[str]]
    error: NotRequired[str]


Enterprises = list[Enterprise]
EnterpriseOrNull = Enterprise | None
EnterpriseOrError = Enterprise | Unmet


class StockMovement(TypedDict):
    """A change of a stock: of a variant, or of a SKU that no variant has."""

    delta: int
    reason: Literal["sale", "return", "count", "correction", "channel"]
    source: str
    eventId: str
    createdAt: str
    sku: str | None
    variantId: int | None
    productId: int | None
    channel: str | None
    shortfall: int


class StockMovements(TypedDict):
    """The newest changes of stocks, the newest first."""

    movements: list[StockMovement]
    count: int


class AuditEntry(TypedDict):
    """Who did what; what was imported may name no entity or user, and have any JSON as its changes."""

    id: str
    entity_type: str
    entity_id: NotRequired[str]
    user_id: NotRequired[str]
    action: str
    created_at: str
    expires_at: int
    changes: NotRequired[Any]
    metadata: NotRequired[dict[str, Any]]


class AuditPage(Continued):
    """Entries of the audit log, the newest first; `count` counts those shown."""

    logs: list[AuditEntry]
    count: int


class Notification(TypedDict):
    """Something the administrator should know; what was imported may have any metadata."""

    id: str
    type: str
    title: str
    message: str | None
    severity: str
    metadata: Any
    is_read: bool
    read_at: str | None
    created_at: str
    updated_at: str
    expires_at: int


class ReadNotification(Notification):
    """A notification that was read, given twice, as either storefront looks for it."""

    notification: Notification


class NotificationPage(Page):
    """A page of notifications; `count` counts those shown, `unread_count` all that are unread."""

    notifications: list[Notification]
    count: int
    unread_count: int
