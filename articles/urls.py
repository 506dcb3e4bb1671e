from django.urls import path

from articles.views import ArticleDetailView, ArticleListView, CategoryView

app_name = "articles"
urlpatterns = [
    path("", ArticleListView.as_view(), name="list"),
    path("category/<slug:slug>/", CategoryView.as_view(), name="category"),
    path("<slug:slug>/", ArticleDetailView.as_view(), name="detail"),
]
