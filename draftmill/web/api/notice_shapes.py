"""What the API takes and gives of what a user was told."""

from typing import Literal

from pydantic import Field

from draftmill.web.api.shapes import PAGE, Cursor, Id, Limit, Moment, Query, Shape


class NoticeError(Shape):
    """Why the job failed."""

    code: str = Field(description="Stable; programs may rely on it.")
    message: str = Field(description="What happened, for a person.")


class Notification(Shape):
    """A job of yours that ended by itself."""

    id: int
    status: Literal["succeeded", "failed"]
    message: str = Field(description="What ended, and how, for a person: “Blog post ready”.")
    title: str = Field(description="What the project was called when you asked.")
    job_id: Id
    type: str = Field(description="The type of the job.")
    project_id: Id
    error: NoticeError | None
    url: str = Field(description="The path of the page of what it tells of.")
    read: bool
    created_at: Moment


class NotificationPage(Shape):
    """Notifications, newest first."""

    items: list[Notification]
    next: str | None = Field(description="The cursor of the next page; null on the last.")


class NotificationsRead(Shape):
    """How many count as read from now on that did not before."""

    read: int


class NotificationQuery(Query):
    unread: bool = Field(default=False, description="Only what was not read yet.")
    cursor: Cursor | None = None
    limit: Limit = PAGE
