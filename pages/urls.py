from django.urls import include, path

from pages.evidence_table import EvidenceTableView, evidence_csv, evidence_json
from pages.feeds import ClinicalChangesFeed
from pages.glossary import GlossaryView
from pages.views import HomeView, InformationPageView

app_name = "pages"
urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("changes.atom", ClinicalChangesFeed(), name="changes_feed"),
    path("evidence/", EvidenceTableView.as_view(), name="evidence"),
    path("evidence/table.csv", evidence_csv, name="evidence_csv"),
    path("evidence/table.json", evidence_json, name="evidence_json"),
    path("glossary/", GlossaryView.as_view(), name="glossary"),
    path("", include("pages.machine_urls")),
    path("<slug:slug>/", InformationPageView.as_view(), name="information"),
]
