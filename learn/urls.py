from django.urls import path

from . import data_views, offline_views, practice_views, sending_views, views

app_name = "learn"
urlpatterns = [
    path("", views.home, name="home"),
    path("pelajaran/<uuid:key>/paham/", views.complete_lesson, name="complete_lesson"),
    path("modul/<uuid:key>/ambil/", views.take_module, name="take_module"),
    path("modul/<uuid:key>/batal/", views.leave_module, name="leave_module"),
    path("kuis/<uuid:key>/mulai/", views.begin_attempt, name="begin_attempt"),
    path("percobaan/<uuid:id>/soal/<int:number>/", views.question, name="question"),
    path("percobaan/<uuid:id>/hasil/", views.result, name="result"),
    path("kirim/", sending_views.send, name="send"),
    path("kirim/berkas/<uuid:id>/", sending_views.send_file, name="send_file"),
    path("kirim/keluarga/", sending_views.still_hers, name="still_hers"),
    path("kirim/kunci/", sending_views.sending_key, name="sending_key"),
    path("kiriman/", offline_views.page, {"name": "learn:outbox"}, name="outbox"),
    path("kuis/<uuid:key>/luring/", sending_views.paper, name="paper"),
    path("praktik/<uuid:key>/", practice_views.practice, name="practice"),
    path("praktik/<uuid:id>/tarik/", practice_views.withdraw, name="withdraw_practice"),
    path("praktik/bukti/<uuid:id>/", practice_views.receive, name="receive_evidence"),
    path("data/", data_views.data, name="data"),
    path("data/perbaiki/", data_views.correct, name="data_correct"),
    path("data/unduh/", data_views.download, name="data_download"),
    path("data/tarik/", data_views.withdraw, name="data_withdraw"),
    path("data/hapus/", data_views.erase, name="data_erase"),
]
