"""Mail by the owner's server: a user names who gets it, nothing else."""

import smtplib
import ssl
from contextlib import closing, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate

from draftmill.notifications.failures import NotSent, line_of, of_network
from draftmill.notifications.message import Message
from draftmill.settings import Settings

TIMEOUT_S = 15.0
IMPLICIT_TLS = 465  # the port of servers that speak TLS from the first byte


def send(settings: Settings, to: str, message: Message) -> str:
    """Send a message. Returns what the server answered. Raises NotSent."""
    try:
        with closing(_connected(settings)) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            _check_letters(server, to)
            server.send_message(_mail(settings, to, message))
            with suppress(OSError):  # it has taken the mail, however it says goodbye
                server.quit()
    except smtplib.SMTPException as error:
        raise _refused(error) from None
    except OSError as error:
        raise of_network(error) or _refused(error) from None
    return "250 accepted"


def _connected(settings: Settings) -> smtplib.SMTP:
    host, port = settings.smtp_host, settings.smtp_port
    context = ssl.create_default_context()
    if settings.smtp_tls and port == IMPLICIT_TLS:
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=context)
    server = smtplib.SMTP(host, port, timeout=TIMEOUT_S)
    try:
        if settings.smtp_tls:
            server.starttls(context=context)
    except BaseException:
        server.close()
        raise
    return server


def _check_letters(server: smtplib.SMTP, to: str) -> None:
    server.ehlo_or_helo_if_needed()
    if not to.isascii() and not server.has_extn("smtputf8"):
        raise NotSent("The mail server takes addresses in Latin letters only.", "Use one whose domain begins with xn--, or another channel.")  # fmt: skip


def _mail(settings: Settings, to: str, message: Message) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = message.subject
    mail["From"] = settings.smtp_from
    mail["To"] = Address(addr_spec=to)
    mail["Date"] = formatdate()
    # The same at each try: a mail program that gets it twice may show it once.
    mail["Message-ID"] = f"<{message.number}.draftmill@{settings.smtp_from.rpartition('@')[2].strip('> ')}>"  # fmt: skip
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    return mail


def _refused(error: Exception) -> NotSent:
    code, said = _answer(error)
    answer = f"{code} {line_of(said)}".strip() if code else ""
    later = 400 <= code < 500
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return NotSent("The mail server did not accept its password.", "The owner checks DRAFTMILL_SMTP_USER and DRAFTMILL_SMTP_PASSWORD.", transient=later, answer=answer)  # fmt: skip
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return NotSent("The mail server offers no TLS, or no sign-in.", "The owner checks DRAFTMILL_SMTP_PORT, or sets DRAFTMILL_SMTP_TLS to no.")  # fmt: skip
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return NotSent("The mail server does not send to this address.", "Check the address.", transient=later, answer=answer)  # fmt: skip
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return NotSent("The mail server hung up.", "The owner checks DRAFTMILL_SMTP_PORT.", transient=True)  # fmt: skip
    return NotSent("The mail server refused the message.", "The owner checks the settings for mail.", transient=later, answer=answer)  # fmt: skip


def _answer(error: Exception) -> tuple[int, bytes | str]:
    """The code and words of a server that refused; 0 without."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return int(code), said
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code, error.smtp_error
    return 0, ""
