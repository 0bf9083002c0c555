from broker.fields import EmailField, Form, PasswordField


class SignInForm(Form):
    email = EmailField("E-mail address", autocomplete="username")
    password = PasswordField("Password", autocomplete="current-password")
