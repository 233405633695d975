from training.models.attendance import Attendance, AttendanceEntry, Session
from training.models.certificates import CertificateRun, CompetenceCertificate, TrainingCertificate, TrainingSettings
from training.models.courses import AdmissionRule, Cohort, Course, CourseUnit
from training.models.enrolments import Enrolment, EnrolmentLog
from training.models.outcomes import Feedback, Outcome
from training.models.selection import Complaint, Criterion, ScoreSheet

__all__ = [
    "AdmissionRule",
    "Attendance",
    "AttendanceEntry",
    "CertificateRun",
    "Cohort",
    "CompetenceCertificate",
    "Complaint",
    "Course",
    "CourseUnit",
    "Criterion",
    "Enrolment",
    "EnrolmentLog",
    "Feedback",
    "Outcome",
    "ScoreSheet",
    "Session",
    "TrainingCertificate",
    "TrainingSettings",
]
