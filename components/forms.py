"""How every form of the public site is marked up."""

from django.forms.renderers import TemplatesSetting


class ComponentRenderer(TemplatesSetting):
    """Takes field templates from the project: label, hint, error, input, in that order."""

    field_template_name = "components/form_field.html"
