"""The WSGI entry point: granian or any other WSGI server serves `config.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("KANVAS_PROCESS", "web")

application = get_wsgi_application()
gc.freeze()  # what is loaded now stays; looking through it for garbage took a fifth of the time of a page
