"""The year of an assessment."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0016_waiting_and_checks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("year", models.PositiveIntegerField(verbose_name="年度")),
                ("name", models.CharField(max_length=60, verbose_name="指标")),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("definition", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("rules", models.CharField(blank=True, max_length=200, verbose_name="考核办法")),
                ("starts", models.DateField()),
                ("ends", models.DateField()),
                ("issued_on", models.DateField(verbose_name="印发日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "考核中"),
                            ("published", "初步结果已公布"),
                            ("frozen", "结果已确定"),
                        ],
                        default="running",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="ledger.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "年度考核",
                "ordering": ["-year", "title"],
            },
        ),
        migrations.CreateModel(
            name="AssessedUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("unit_class", models.CharField(max_length=60)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.organization",
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="units",
                        to="assessment.assessment",
                    ),
                ),
            ],
            options={
                "ordering": ["organization__path"],
            },
        ),
        migrations.CreateModel(
            name="DailyEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("indicator", models.CharField(max_length=60)),
                ("points", models.DecimalField(decimal_places=4, max_digits=9)),
                ("on", models.DateField()),
                ("reason", models.CharField(max_length=300)),
                ("evidence", models.CharField(max_length=200)),
                ("entered_on", models.DateField()),
                ("late", models.BooleanField(default=False)),
                ("withdrawn", models.CharField(blank=True, max_length=300)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="assessment.assessment",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.case",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Judging",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("indicator", models.CharField(max_length=60)),
                ("turn", models.PositiveSmallIntegerField()),
                ("points", models.DecimalField(decimal_places=4, max_digits=9, null=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("asked", models.CharField(blank=True, max_length=300)),
                ("given_on", models.DateField(null=True)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="judgings",
                        to="assessment.assessment",
                    ),
                ),
                (
                    "scorer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["unit__path", "indicator", "turn"],
            },
        ),
        migrations.CreateModel(
            name="ResultVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("published_on", models.DateField(verbose_name="公布日期")),
                ("published_at", models.DateTimeField()),
                ("until", models.DateField(null=True, verbose_name="异议截止")),
                ("frozen_on", models.DateField(null=True, verbose_name="确定日期")),
                ("opinion", models.CharField(blank=True, max_length=300)),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="assessment.assessment",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scores", models.TextField()),
                ("total", models.DecimalField(decimal_places=2, max_digits=9)),
                ("band", models.CharField(blank=True, max_length=20)),
                ("accepted_on", models.DateField(null=True)),
                ("accepted_by", models.CharField(blank=True, max_length=60)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.organization",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="assessment.resultversion",
                    ),
                ),
            ],
            options={
                "ordering": ["unit__path"],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("indicator", models.CharField(max_length=60)),
                ("reason", models.CharField(max_length=500)),
                ("evidence", models.CharField(blank=True, max_length=200)),
                ("raised_on", models.DateField()),
                ("due", models.DateField(null=True)),
                ("upheld", models.BooleanField(null=True)),
                ("before", models.CharField(max_length=30)),
                ("after", models.CharField(blank=True, max_length=30)),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("answered_on", models.DateField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.organization",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="objections",
                        to="assessment.resultversion",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("recipient", models.CharField(max_length=120)),
                ("purpose", models.CharField(max_length=60)),
                ("on", models.DateField()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handed",
                        to="assessment.resultversion",
                    ),
                ),
            ],
            options={
                "ordering": ["on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SetAside",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("indicator", models.CharField(max_length=60)),
                ("reason", models.CharField(max_length=300)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="asides",
                        to="assessment.assessment",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.organization",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(
                fields=("organization", "name", "year"), name="assessment_once_a_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessedunit",
            constraint=models.UniqueConstraint(fields=("assessment", "organization"), name="assessed_once"),
        ),
        migrations.AddConstraint(
            model_name="dailyentry",
            constraint=models.UniqueConstraint(fields=("assessment", "number"), name="daily_entry_once"),
        ),
        migrations.AddConstraint(
            model_name="judging",
            constraint=models.UniqueConstraint(
                fields=("assessment", "unit", "indicator", "turn"), name="judging_turn_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="resultversion",
            constraint=models.UniqueConstraint(fields=("assessment", "number"), name="result_version_once"),
        ),
        migrations.AddConstraint(
            model_name="result",
            constraint=models.UniqueConstraint(fields=("version", "unit"), name="result_once"),
        ),
        migrations.AddConstraint(
            model_name="setaside",
            constraint=models.UniqueConstraint(
                fields=("assessment", "unit", "indicator"), name="set_aside_once"
            ),
        ),
    ]
