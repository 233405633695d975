"""What the prints' tests print: usual data, and as much of everything as a form lets through."""

from dataclasses import replace
from datetime import date

from jobseekers.prints.shapes import (
    Candidate,
    CardPrint,
    Check,
    CvPrint,
    DataPrint,
    Education,
    Experience,
    Letterhead,
    LetterPrint,
    Report,
    Section,
    Signer,
    Table,
)

OFFICE = Letterhead(
    name="Dinas Tenaga Kerja dan Transmigrasi Kota Metro",
    address="Jalan Contoh No. 12, Imopuro, Metro Pusat",
    phone="(0725) 000-000",
)
SIGNER = Signer(title="Pengantar Kerja Ahli Muda", name="Ratna Contoh, S.Sos.", nip="19850412 201001 2 007")
EXPERIENCE = [
    Experience(
        job="Penjahit",
        employer="Konveksi Sulam Usang",
        years="2024–2026",
        duties="Menjahit kemeja seragam sekolah dan dinas, dari pola sampai lubang kancing; 12 potong sehari.",
    ),
    Experience(
        job="Magang produksi", employer="Gerai Kain Sebage", years="2023", duties="Memotong dan mengobras kain."
    ),
]
CARD = CardPrint(
    office=OFFICE,
    number="1872 / 004217 / 2026",
    nik_masked="1872********0042",
    name="Siti Rahmadani",
    birth_place="Metro",
    birth_date=date(2005, 4, 7),
    sex="Perempuan",
    marital_status="Belum kawin",
    religion="Islam",
    address="Jalan Kenanga No. 7, RT 003/RW 002",
    kelurahan="Yosomulyo",
    kecamatan="Metro Pusat",
    postcode="34111",
    photo=None,
    reports=[
        Report(due=date(2026, 12, 2), reported=date(2026, 11, 24), officer="Ratna Contoh, S.Sos."),
        Report(due=date(2027, 6, 2)),
        Report(due=date(2027, 12, 2)),
    ],
    valid_until=date(2028, 6, 2),
    check=Check(url="https://kerja.contoh.go.id/periksa/K7QW-3F9M/", text="kerja.contoh.go.id/periksa/K7QW-3F9M"),
    education=[
        Education(level="SMK", major="Tata Busana", school="SMK Negeri 3 Metro", year="2024"),
        Education(level="SMP", school="SMP Negeri 1 Metro", year="2021"),
    ],
    skills=["menjahit", "membuat pola", "mengobras", "bordir komputer", "melayani pelanggan"],
    languages=["Indonesia", "Lampung", "Inggris dasar"],
    experience=EXPERIENCE,
    terms=[
        "Kartu ini berlaku nasional selama 2 tahun sejak tanggal pendaftaran.",
        "Selama belum bekerja, pemegang kartu melapor setiap 6 bulan, di kantor atau melalui akun Kanvas Kerja.",
        "Bila data berubah atau sudah mendapat pekerjaan, pemegang kartu segera melapor.",
        "Pemberi kerja yang menerima pemegang kartu mengembalikan kartu ini kepada kantor.",
        "Kartu ini dibuat tanpa biaya. Laporkan pungutan: 1500 630.",
    ],
    signer=SIGNER,
    place="Metro",
    issued=date(2026, 6, 2),
)

CANDIDATES = [
    Candidate(name="Siti Rahmadani", education="SMK Tata Busana", skills=["menjahit", "membuat pola", "mengobras"]),
    Candidate(name="Dewi Lestari Contoh", education="SMA IPS", skills=["menjahit", "melayani pelanggan"]),
    Candidate(name="Bagus Contoh Pratama", education="SMK Teknik Mesin", skills=["perawatan mesin jahit"]),
    Candidate(name="Ni Luh Contoh", education="SMP", skills=[]),
]
LETTER = LetterPrint(
    office=OFFICE,
    number="500.15/123/D-10/2026",
    place="Metro",
    day=date(2026, 11, 24),
    addressee=["Pimpinan Konveksi Sulam Usang", "Jalan Pagar Alam No. 45", "di Metro Barat"],
    employer="Konveksi Sulam Usang",
    position="penjahit busana",
    candidates=CANDIDATES,
    answer=Check(url="https://kerja.contoh.go.id/jawab/H4TR-8XKP/", text="kerja.contoh.go.id/jawab/H4TR-8XKP"),
    answer_by=date(2026, 12, 8),
    signer=Signer(title="Kepala Dinas", name="Drs. Ahmad Contoh, M.Si.", nip="19700101 199503 1 001"),
)

CV = CvPrint(
    name="Siti Rahmadani",
    headline="Penjahit busana, terbiasa dengan mesin industri",
    address="Yosomulyo, Metro Pusat, Kota Metro",
    phone="0812-0000-0110",
    email="siti.rahmadani.contoh@surat.test",
    summary=(
        "Lulusan Tata Busana dengan dua tahun pengalaman menjahit seragam di konveksi. Teliti pada ukuran dan kerapian "
        "jahitan, biasa bekerja dengan target harian, dan siap bekerja dalam giliran."
    ),
    wishes=["Penjahit atau pembuat pola", "Kota Metro dan Lampung Tengah", "Penuh waktu, siap giliran"],
    experience=EXPERIENCE,
    education=CARD.education,
    skills=CARD.skills,
    languages=CARD.languages,
    certificates=["Menjahit tingkat dasar, BLK Kota Metro, 2025", "Bordir komputer, LKP Contoh, 2024"],
)

DATA = DataPrint(
    office=OFFICE,
    name="Siti Rahmadani",
    printed="24 November 2026, 14.05 WIB",
    intro=(
        "Inilah semua data pribadi Anda yang kami simpan. Bila ada yang keliru, mintalah perbaikan di akun atau di "
        "kantor; kami menjawab paling lama dalam 3 x 24 jam."
    ),
    sections=[
        Section(
            title="Data diri",
            pairs=[
                ("Nama", "Siti Rahmadani"),
                ("NIK", "1872********0042"),
                ("Tempat, tanggal lahir", "Metro, 7 April 2005"),
                ("Jenis kelamin", "Perempuan"),
                ("Agama", ""),
                ("Alamat", "Jalan Kenanga No. 7, RT 003/RW 002, Kel. Yosomulyo, Kec. Metro Pusat, 34111"),
            ],
        ),
        Section(
            title="Pengalaman kerja",
            table=Table(
                head=["Jabatan", "Pemberi kerja", "Tahun"],
                rows=[[job.job, job.employer, job.years] for job in EXPERIENCE],
            ),
        ),
        Section(
            title="Siapa yang melihat data saya",
            table=Table(
                head=["Waktu", "Siapa", "Keperluan"],
                rows=[
                    ["23 November 2026, 10.14", "Petugas Disnakertrans", "mencocokkan lowongan penjahit"],
                    ["20 November 2026, 15.40", "Konveksi Sulam Usang", "menerima surat pengantar"],
                    ["2 Juni 2026, 09.05", "Petugas loket", "membuat kartu"],
                ],
            ),
        ),
        Section(title="Lamaran", note="Belum ada lamaran."),
    ],
)

LONG = "Raden Ajeng Siti Rahmadani Kusumaningrum Puspitasari Wijayakusuma binti Haji Muhammad Abdurrahman Contoh"
MANY_JOBS = [
    Experience(
        job=f"{n}. Kepala bagian produksi dan pengawasan mutu pakaian jadi",
        employer="Perseroan Terbatas Konveksi Sulam Usang Nusantara Abadi Sejahtera",
        years="Januari 2024 – Desember 2026",
        duties="Menjahit, memotong, memeriksa, mengemas dan mengirim. " * 20,
    )
    for n in range(1, 9)
]
MANY_SKILLS = [f"keterampilan nomor {n} yang namanya panjang" for n in range(1, 21)]
MANY_SCHOOLS = [
    Education(level="Sekolah Menengah Kejuruan", major="Teknik Komputer dan Jaringan", school=LONG, year="2024")
] * 5
FULL_CARD = replace(
    CARD,
    office=replace(OFFICE, name=f"{OFFICE.name} dan Lain-Lain yang Panjang Sekali Namanya", address=LONG),
    name=LONG,
    birth_place="Kabupaten Kepulauan Siau Tagulandang Biaro",
    address=LONG,
    kelurahan="Kelurahan Hadimulyo Timur Laut Daya",
    kecamatan="Kecamatan Metro Pusat Sebelah Timur",
    number="187224112025000123 / 1872 / 2026 / AK-I / 000001",
    check=replace(CARD.check, text="kerja.disnakertrans.kotametro.lampung.go.id/periksa/K7QW-3F9M-22XA"),
    reports=[replace(CARD.reports[0], officer=LONG)] * 6,
    education=MANY_SCHOOLS,
    skills=MANY_SKILLS,
    languages=[f"Bahasa {n}" for n in range(30)],
    experience=MANY_JOBS,
    terms=[*CARD.terms, LONG * 3] * 3,
    signer=Signer(title=LONG, name=LONG, nip="19850412 201001 2 007"),
)
FULL_LETTER = replace(
    LETTER,
    candidates=[
        Candidate(name=f"{n}. {LONG}", education=f"{MANY_SCHOOLS[0].level} {LONG}", skills=MANY_SKILLS)
        for n in range(1, 21)
    ],
)
FULL_CV = replace(
    CV,
    name=LONG,
    headline=LONG,
    address=LONG,
    summary=LONG * 12,
    wishes=[LONG] * 8,
    experience=MANY_JOBS * 3,
    education=MANY_SCHOOLS * 3,
    skills=MANY_SKILLS * 2,
    languages=MANY_SKILLS,
    certificates=[LONG] * 20,
)
