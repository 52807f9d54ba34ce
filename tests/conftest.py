"""What a property says holds on a busy machine too: how long an example takes is no part of it."""

from hypothesis import settings

settings.register_profile("calm", deadline=None)
settings.load_profile("calm")
