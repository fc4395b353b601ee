"""Notifications for programs: what ended while nobody looked, and that it was read."""

from draftmill.errors import NotFound
from draftmill.notifications import inbox
from draftmill.notifications.inbox import Notice
from draftmill.projects.ended import page_of, words_of
from draftmill.web.api import notice_shapes
from draftmill.web.api.operations import Call, Reply
from draftmill.web.api.projects import cursor
from draftmill.web.numbers import number_in


def list_all(call: Call) -> Reply:
    """GET: a page of what the user was told, newest first."""
    query: notice_shapes.NotificationQuery = call.query
    before = int(query.cursor) if query.cursor else None
    found = inbox.newest(call.db, call.user.id, query.limit + 1, before, query.unread)
    following = found[query.limit - 1].id if len(found) > query.limit else None
    items = [_shape(notice) for notice in found[: query.limit]]
    return Reply(200, notice_shapes.NotificationPage(items=items, next=cursor(following)))


def read(call: Call) -> Reply:
    """POST: one counts as read."""
    number = number_in(call.path["notification_id"])
    if number is None:
        raise NotFound
    return Reply(200, _shape(inbox.read(call.db, call.user.id, number)))


def read_all(call: Call) -> Reply:
    """POST: all count as read."""
    count = inbox.read_all(call.db, call.user.id)
    return Reply(200, notice_shapes.NotificationsRead(read=count))


def _shape(notice: Notice) -> notice_shapes.Notification:
    return notice_shapes.Notification(
        id=notice.id,
        status=notice.kind,  # type: ignore[arg-type]
        message=words_of(notice),
        title=notice.title,
        job_id=notice.job_id,
        type=notice.type,
        project_id=notice.project_id,
        error=_error(notice),
        url=page_of(notice),
        read=notice.read,
        created_at=notice.created_at,
    )


def _error(notice: Notice) -> notice_shapes.NoticeError | None:
    if notice.kind == "succeeded":
        return None
    return notice_shapes.NoticeError(code=notice.error_code, message=notice.error_message)
