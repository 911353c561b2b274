"""Templates and signatures: the menus that bring them into a message, and that keep what stands there as one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QWidget

from pecdesk.app.answers import signature_of
from pecdesk.errors import N_
from pecdesk.explain.visible import visible
from pecdesk.pec.message import normal_address
from pecdesk.profile.settings import Settings, Signature, Template
from pecdesk.ui.compose.compose_form import ComposeForm
from pecdesk.ui.desk import Desk
from pecdesk.ui.dialog import Dialog
from pecdesk.ui.name_question import ask_name
from pecdesk.ui.style.panels import label
from pecdesk.ui.style.sheet import wear

LONGEST_NAME = 60

Change = Callable[[Settings], Settings]


def with_signature(text: str, old: str, new: str) -> str:
    """The text with another signature under it; `old` is what stands there now, where it is one of ours."""
    body = text.rstrip()
    if old and body.endswith(old.rstrip()):
        body = body[: len(body) - len(old.rstrip())].rstrip()
    return f"{body}\n\n{new}" if new else f"{body}\n" if body else ""


class Texts(QObject):
    """What is kept to be written again."""

    failed = Signal(Exception)

    def __init__(self, desk: Desk, form: ComposeForm) -> None:
        super().__init__(form)
        self._desk = desk
        self._form = form

    def fill_templates(self, menu: QMenu) -> None:
        """Templates to begin with, and what can be done with what stands there."""
        menu.clear()
        say, kept = self._desk.say, self._desk.app.settings.templates
        for template in kept:
            action = menu.addAction(_menu_words(template.name))
            action.triggered.connect(lambda _checked=False, template=template: self.use(template))
        if not kept:
            menu.addAction(say(N_("No template was kept yet"))).setEnabled(False)
        menu.addSeparator()
        menu.addAction(say(N_("Keep this message as a template…"))).triggered.connect(self.ask_name)
        if kept:
            removing = menu.addMenu(say(N_("Remove a template")))
            for template in kept:
                action = removing.addAction(_menu_words(template.name))
                action.triggered.connect(lambda _checked=False, name=template.name: self.remove(name))

    def fill_signatures(self, menu: QMenu) -> None:
        """The signature of the account it is sent from."""
        menu.clear()
        say = self._desk.say
        insert = menu.addAction(say(N_("Put the signature under the text")))
        insert.triggered.connect(self.sign)
        insert.setEnabled(bool(self.signature))
        menu.addAction(say(N_("Change the signature…"))).triggered.connect(self.ask_signature)

    # templates

    def use(self, template: Template) -> None:
        """Begin with a template: its text before what stands there, its subject where there is none."""
        form = self._form
        if template.subject and not form.subject.text().strip():
            form.subject.setText(template.subject)
        written = form.editor.toPlainText()
        form.editor.replace_text(f"{template.text.rstrip()}\n\n{written}" if written.strip() else template.text)
        form.changed.emit()
        form.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_name(self) -> None:
        """Ask what the template is to be called."""
        say, offered = self._desk.say, self._form.subject.text()[:LONGEST_NAME]
        title, question = say(N_("Keep as a template")), say(N_("Name of the template:"))
        ask_name(self._desk, self._form.window(), title, question, self.keep, offered=offered)

    def keep(self, name: str) -> None:
        """Keep subject and text under a name; what was called so before gives way."""
        name = " ".join(name.split())[:LONGEST_NAME]
        if name:
            made = Template(name, self._form.subject.text(), self._form.editor.toPlainText())
            self._save(lambda settings: replace(settings, templates=(*_others(settings.templates, name), made)))

    def remove(self, name: str) -> None:
        """Forget a template; nothing that was written with it is touched."""
        self._save(lambda settings: replace(settings, templates=_others(settings.templates, name)))

    # signatures

    @property
    def signature(self) -> str:
        """That of the account it is sent from."""
        return signature_of(self._desk.app.settings, self._form.identity.chosen.address)

    def sign(self) -> None:
        """Put the signature under the text; what is there already is not put there twice."""
        written = self._form.editor.toPlainText()
        self._form.editor.replace_text(with_signature(written, self.signature, self.signature))

    def ask_signature(self) -> None:
        """Let the user write the signature of this account."""
        account = self._form.identity.chosen.address
        dialog = SignatureDialog(self._desk, account, self.signature, self._form.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.kept.connect(lambda text: self._keep_signature(account, text))
        dialog.open()

    def _keep_signature(self, account: str, text: str) -> None:
        written, old = self._form.editor.toPlainText(), self.signature
        if not old or written.rstrip().endswith(old.rstrip()):
            self._form.editor.replace_text(with_signature(written, old, text))
        key = normal_address(account)

        def change(settings: Settings) -> Settings:
            others = tuple(one for one in settings.signatures if normal_address(one.account) != key)
            return replace(settings, signatures=(*others, *((Signature(account, text),) if text.strip() else ())))

        self._save(change)

    def _save(self, change: Change) -> None:
        app = self._desk.app
        self._desk.background.query(
            lambda: app.save_settings(change(app.settings)), lambda _kept: None, self.failed.emit, owner=self
        )


def _menu_words(name: str) -> str:
    # An ampersand in a menu underlines the next letter; a name is shown as it is.
    return visible(name).replace("&", "&&")


def _others(templates: tuple[Template, ...], name: str) -> tuple[Template, ...]:
    return tuple(one for one in templates if one.name != name)


class SignatureDialog(Dialog):
    """The signature of one account, to be written."""

    blocks = True
    scrolls = False
    kept = Signal(str)

    def __init__(self, desk: Desk, account: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._account = account
        self._title = label("", "title", wraps=True)
        self._remark = label("", "muted", wraps=True)
        self.field = QPlainTextEdit(text)
        self.field.setTabChangesFocus(True)
        wear(self.field, "boxed")
        self.body.addWidget(self._title)
        self.body.addWidget(self._remark)
        self.body.addWidget(self.field, 1)
        self.cancel_button = self.add_button()
        self.save_button = self.add_button("primary")
        self.cancel_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self._keep)
        self.retranslate()
        self.fit(520, 380)
        self.field.setFocus()

    def retranslate(self) -> None:
        say = self.desk.say
        self.setWindowTitle(say(N_("Signature")))
        self._title.setText(say(N_("Signature of {account}"), account=visible(self._account)))
        self._remark.setText(
            say(N_("Words under the text, as on a letter. It is no digital signature and proves nothing."))
        )
        self.field.setAccessibleName(say(N_("Text of the signature")))
        self.cancel_button.setText(say(N_("&Cancel")))
        self.save_button.setText(say(N_("&Save")))

    def _keep(self) -> None:
        self.kept.emit(self.field.toPlainText().rstrip())
        self.accept()
