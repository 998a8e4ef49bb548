"""What people do: taken from the page's script, told to our Slack.

routes.py         what can be done
posted.py         what the script sends
composer.py       what is sent from a composer
composer_text.py  a message or a command
clicks.py         buttons, menus and shortcuts of messages
forms.py          forms and the Home tab
delivered.py      until the app has heard
"""
