from django.urls import path

from conditions.views import ConditionDetailView, ConditionIndexView

app_name = "conditions"
urlpatterns = [
    path("", ConditionIndexView.as_view(), name="list"),
    path("<slug:slug>/", ConditionDetailView.as_view(), name="detail"),
]
