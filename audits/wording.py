"""The words of the public verification page, in Chinese and in English: one template, two of these."""

from __future__ import annotations

from dataclasses import dataclass

from audits.verification import Outcome


@dataclass(frozen=True)
class Told:
    """A verdict in words. Both may name `{number}`, `{issuer}`, `{issued_on}`, `{revoked_on}`, `{replaced_by}`."""

    heading: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Wording:
    """Every visible word of the page in one language."""

    language: str
    portal: str
    skip: str
    other_language: str
    title: str
    introduction: str
    number: str
    number_hint: str
    number_missing: str
    check_code: str
    check_code_hint: str
    check_code_missing: str
    submit: str
    file_title: str
    file: str
    file_hint: str
    file_missing: str
    file_refused: str
    file_submit: str
    again: str
    errors: str
    error: str
    details: str
    checked: str
    checked_number: tuple[str, ...]
    checked_file: tuple[str, ...]
    technical: str
    digest: str
    key: str
    signed_on: str
    qr: str
    replaced: str
    origin: str
    checked_at: str
    print: str
    too_many: Told
    unavailable: Told
    unknown_file: Told
    outcomes: dict[Outcome, Told]
    status: dict[Outcome, str]


CHINESE = Wording(
    language="zh-CN",
    portal="继续医学教育学分管理平台",
    skip="跳到正文",
    other_language="English",
    title="查验学分证书",
    introduction="填写证书上的编号和校验码，或上传签发的 PDF 原件。不需要登录，查验内容不会保存。",
    number="证书编号",
    number_hint="印在证书左下角，例如 LN-2026-0000123",
    number_missing="请填写证书编号，例如 LN-2026-0000123",
    check_code="校验码",
    check_code_hint="编号下方的 8 位字母和数字",
    check_code_missing="请填写编号下方的 8 位校验码",
    submit="查验",
    file_title="用 PDF 原件查验",
    file="证书 PDF 文件",
    file_hint="签发时下载的原件，20 MB 以内；可直接拖到此处。文件只用于本次核对，核对后即删除。",
    file_missing="请选择证书的 PDF 文件",
    file_refused="该文件不能核对。请上传签发时下载的 PDF 原件（20 MB 以内），不要上传照片、截图或另存的文件。",
    file_submit="核对文件",
    again="查验其他证书",
    errors="请更正以下内容",
    error="错误：",
    details="证书内容",
    checked="已核对",
    checked_number=("证书编号与校验码相符", "上述内容即签发时的内容，签发后未改动"),
    checked_file=("电子签名完好，由该证书的签名密钥签署", "文件与签发时的原件完全一致"),
    technical="技术信息",
    digest="SHA-256 摘要",
    key="签名密钥",
    signed_on="签名日期",
    qr="与证书上的二维码一致",
    replaced="查验新证书",
    origin="请确认浏览器地址以 {origin} 开头。本页不会要求登录、付费或下载应用；姓名部分隐藏，身份证号只显示末四位。",
    checked_at="查验时间",
    print="打印查验结果",
    too_many=Told("查询过于频繁", "请在 {seconds} 秒后重试。"),
    unavailable=Told("查验服务暂时不可用", "现在无法核对，这不代表证书无效。请稍后重试。"),
    unknown_file=Told("未查到该证书", "该文件中没有本系统签发过的证书编号。请勿采信，并向发证单位核实。"),
    outcomes={
        Outcome.VALID: Told("证书有效", "{issuer} {issued_on} 签发，未被撤销或换发。"),
        Outcome.SUPERSEDED: Told("证书已换发", "该证书已由编号 {replaced_by} 的证书替代，请以新证书为准。"),
        Outcome.REVOKED: Told("证书已撤销", "{issuer} 已于 {revoked_on} 撤销该证书，请勿采信。"),
        Outcome.UNKNOWN: Told(
            "未查到该证书", "没有与所填编号和校验码相符的证书。请核对后重试；仍查不到的，请勿采信，并向发证单位核实。"
        ),
        Outcome.ALTERED: Told(
            "文件与签发的原件不一致",
            "文件自称编号为 {number}，但电子签名或内容与签发时不符，可能经过改动或伪造，请勿采信。",
        ),
    },
    status={Outcome.VALID: "有效", Outcome.SUPERSEDED: "已换发", Outcome.REVOKED: "已撤销"},
)

ENGLISH = Wording(
    language="en",
    portal="Continuing Medical Education Credit Portal",
    skip="Skip to main content",
    other_language="中文",
    title="Verify a certificate",
    introduction=(
        "Enter the number and the check code printed on the certificate, or upload the original PDF. "
        "No sign-in is needed and nothing you enter is kept."
    ),
    number="Certificate number",
    number_hint="At the bottom left of the certificate, such as LN-2026-0000123",
    number_missing="Enter the certificate number, such as LN-2026-0000123",
    check_code="Check code",
    check_code_hint="The eight letters and digits below the number",
    check_code_missing="Enter the eight characters of the check code below the number",
    submit="Verify",
    file_title="Verify with the original PDF",
    file="PDF file of the certificate",
    file_hint="The original as it was downloaded, up to 20 MB; you can drop it here. It is deleted after the check.",
    file_missing="Choose the PDF file of the certificate",
    file_refused="This file cannot be checked. Upload the original PDF (up to 20 MB), not a photograph or a new copy.",
    file_submit="Check the file",
    again="Verify another certificate",
    errors="Please correct the following",
    error="Error: ",
    details="Certificate details",
    checked="What we checked",
    checked_number=(
        "The number and the check code belong together",
        "The details above are those of the day of issue and have not been changed",
    ),
    checked_file=(
        "The electronic signature is intact and made with the key of this certificate",
        "The file is exactly the one that was issued",
    ),
    technical="Technical details",
    digest="SHA-256 digest",
    key="Signing key",
    signed_on="Signed on",
    qr="Same as the code on the certificate",
    replaced="Verify the new certificate",
    origin=(
        "Check that the address in your browser starts with {origin}. This page never asks you to sign in, to pay or "
        "to install an app. Names are partly hidden; of ID numbers only the last four characters are shown."
    ),
    checked_at="Checked at",
    print="Print the result",
    too_many=Told("Too many requests", "Please try again in {seconds} seconds."),
    unavailable=Told(
        "Verification is not available now",
        "Nothing could be checked; this says nothing about the certificate. Try later.",
    ),
    unknown_file=Told(
        "Certificate not found",
        "The file carries no number of a certificate that we issued. Do not rely on it; ask the issuing authority.",
    ),
    outcomes={
        Outcome.VALID: Told(
            "This certificate is valid", "Issued by {issuer} on {issued_on}. Neither revoked nor replaced."
        ),
        Outcome.SUPERSEDED: Told(
            "This certificate has been replaced", "The certificate with the number {replaced_by} holds instead."
        ),
        Outcome.REVOKED: Told(
            "This certificate has been revoked", "Revoked by {issuer} on {revoked_on}. Do not rely on it."
        ),
        Outcome.UNKNOWN: Told(
            "Certificate not found",
            "No certificate has this number and check code. Check what you entered; if it is still not found, do not "
            "rely on the certificate and ask the issuing authority.",
        ),
        Outcome.ALTERED: Told(
            "This file is not the original",
            "It claims the number {number}, but its signature or content differs from what was issued. It may have "
            "been altered or forged: do not rely on it.",
        ),
    },
    status={Outcome.VALID: "Valid", Outcome.SUPERSEDED: "Replaced", Outcome.REVOKED: "Revoked"},
)
