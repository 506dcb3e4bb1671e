from django.urls import path

from publishing.media import media_file

urlpatterns = [path("<path:name>", media_file, name="media")]
