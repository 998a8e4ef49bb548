"""What models wrap around what they were asked for comes off; what they say stays."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.written import untitled, unwrapped

BODY = "## Origins\nTea began in China.\n\nIt spread from there."


@pytest.mark.parametrize(
    "wrapped",
    [
        "```markdown\n{}\n```",
        "```md\n{}\n```\n",
        "```\n{}\n```",
        "~~~markdown\n{}\n~~~",
        "````markdown\n{}\n````",
        "```markdown\n{}",
        "Sure! Here is the report:\n\n{}",
        "Sure, here's the report you asked for:\n{}",
        "Certainly! Below is a summary of the topic.\n\n{}",
        "Of course.\n\n{}",
        "Here is the synthesized report:\n\n{}",
        "Absolutely! 😊\n\n{}",
        "Thank you for your question! Here's an overview:\n\n{}",
        "Gerne! Hier ist der Bericht:\n\n{}",
        "Bien sûr ! Voici le rapport :\n\n{}",
        "¡Claro! Aquí tienes el informe:\n\n{}",
        "Конечно! Вот отчёт:\n\n{}",
        "当然！以下是报告：\n\n{}",
        "もちろんです。以下がレポートです。\n\n{}",
        "물론입니다! 다음은 보고서입니다:\n\n{}",
        "{}\n\nLet me know if you would like more detail on any section!",
        "{}\n\nI hope this helps! Feel free to ask.",
        "{}\n\n---\n\nWould you like me to expand on any of these?",
        "{}\n\nIf you'd like, I can go deeper into one of these points.",
        "{}\n\nLass mich wissen, wenn du mehr wissen möchtest.",
        "{}\n\nN'hésitez pas à me poser d'autres questions.",
        "{}\n\n¿Quieres que amplíe alguna sección?",
        "{}\n\n如果您需要更多细节，请随时告诉我。",
        "Sure! Here is the report:\n\n```markdown\n{}\n```\n\nLet me know if you need anything else.",
        "```markdown\nSure! Here is the report:\n\n{}\n```",
    ],
)
def test_fence_greeting_and_offer_come_off(wrapped: str) -> None:
    """People read the report, not a conversation with somebody else, and not as code."""
    assert unwrapped(wrapped.format(BODY)) == BODY


REPORT = "\n\n".join(
    f"## {name}\n{name} of tea are told in a sentence or two, which say what happened, where, and why it matters.\n\n"
    "- It began in China.\n- It spread with trade, with empires and with the taste of those who could pay for it."
    for name in ("Origins", "Methods", "Effects")
)


@pytest.mark.parametrize(
    "wrapped",
    [
        "``` markdown\n{}\n```",
        "```Markdown\n\n{}\n\n```",
        '```markdown title="report.md"\n{}\n```',
        "```rmd\n{}\n```",
        "```report\n{}\n```",
        "```{{markdown}}\n{}\n```",
        "```text/markdown\n{}\n```",
        "```markdown-report\n{}\n```",
        "~~~~md\n{}\n~~~~",
        "`````markdown\n{}\n`````",
        "```markdown\n{}```",
        "```markdown\n{}\n````",
        "\ufeff```markdown\n{}\n```",
        "````\n```markdown\n{}\n```\n````",
        "'''markdown\n{}\n'''",
        '"""\n{}\n"""',
        "markdown\n{}",
        "<report>\n{}\n</report>",
        "<answer>\n```markdown\n{}\n```\n</answer>",
        "```markdown\n{}\n```\nI hope this helps!",
        "```markdown\n{}\n```\n\nLet me know if it should be shorter.",
        "```\n{}\n```\n\nLet me know if it should be shorter.",
    ],
)
def test_a_fence_comes_off_however_it_is_written(wrapped: str) -> None:
    """A report in a grey box is a report that nobody reads."""
    assert unwrapped(wrapped.format(REPORT)) == REPORT


@pytest.mark.parametrize("fence", ["```markdown\n{}\n```", "~~~\n{}\n~~~"])
def test_words_around_a_fence_stay_when_it_goes(fence: str) -> None:
    """What stands before and behind it may be of use."""
    wrapped = f"The sources agree:\n\n{fence.format(REPORT)}\n\nNote: two figures are disputed."
    assert unwrapped(wrapped) == f"The sources agree:\n\n{REPORT}\n\nNote: two figures are disputed."


def test_lines_that_are_set_in_with_their_fence_stand_at_the_edge_again() -> None:
    """Otherwise they would still be code."""
    inside = "\n".join(f"   {line}".rstrip() for line in REPORT.split("\n"))
    assert unwrapped(f"   ```markdown\n{inside}\n   ```") == REPORT


@pytest.mark.parametrize(
    "text",
    [
        "The prompt is:\n\n```markdown\n# Title\nSome words that are a sentence of eight\n```\n\nIt works.",
        "```markdown\n# A\n```\n\nand\n\n```markdown\n# B\n```",
        '```json\n{"report": "a sentence of more than eight words, as it is here"}\n```',
        "<summary>Tea</summary>\n\nIt is old. <b>Very.</b>",
        "markdown is a way to write.\n\n# Tea",
        "'''Tea''' is bold in a wiki.",
        "Chapters:\n\n```\nx = 1\ny = 2\n```",
    ],
)
def test_what_only_looks_like_a_fence_around_all_stays(text: str) -> None:
    """An example of Markdown is one, and code is code."""
    assert unwrapped(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "```python\nprint('tea')\n```",
        "```\nx = 1\n```",
        "```\na = 1\n```\nwords in between\n```\nb = 2\n```",
        "Surely tea is old.\n\nIt is.",
        "Here are the three reasons why tea spread:\n\n- trade\n- taste\n- tax",
        "Of course tea is not coffee.\n\nIt has less caffeine.",
        "Great Britain taxed tea.\n\nAmericans minded.",
        "Tea is old.\n\nIf you want to understand its price, look at the weather.",
        "Tea is old.\n\nWould you like tea with milk was a question of class.",
        "Let me know",
        "Sure!",
        "Okay.",
        "好的茶叶来自福建。\n\n很贵。",
        "The following is known of the report:\n\n# Tea",
        "Based on the findings of 1911, a physicist flew higher:\n\n## Balloons",
    ],
)
def test_what_only_looks_like_wrapping_stays(text: str) -> None:
    """In doubt the words are the model's answer."""
    assert unwrapped(text) == text


def test_code_within_a_fence_around_all_stays_code() -> None:
    """The fence around the text goes, the one within it does not."""
    inside = "Tea:\n\n```sh\nmake tea\n```\n\nDone."
    assert unwrapped(f"```markdown\n{inside}\n```") == inside


@given(st.text(alphabet="ab`~\n #*Sure!:.", max_size=60))
def test_unwrapping_twice_changes_nothing_more_and_never_leaves_nothing(text: str) -> None:
    """A text is never eaten up step by step."""
    once = unwrapped(text)
    assert unwrapped(once) == once
    assert bool(once) == bool(text.strip())


@pytest.mark.parametrize(
    "wrapped",
    [
        "Here's a comprehensive report on tea:\n\n{}",
        "Here is a comprehensive, integrated research report synthesizing the three perspectives:\n\n{}",
        "Sure thing! Here's what I found:\n\n{}",
        "Okay, here's a report merging the findings:\n\n{}",
        "Okay, here is the report you requested.\n\n---\n\n{}",
        "Here is the result:\n\n{}",
        "Here is the text:\n\n{}",
        "Here you go:\n\n{}",
        "Here's the cleaned content:\n\n{}",
        "I'd be happy to help! Here is the report:\n\n{}",
        "Great question! Let's dive in.\n\n{}",
        "What a fascinating topic! Here's a report:\n\n{}",
        "**Here is the report:**\n\n{}",
        "*Here is the report:*\n\n{}",
        "Based on the provided findings, here is the integrated report:\n\n{}",
        "Based on the findings provided, I have compiled the following report:\n\n{}",
        "Below is an integrated report on tea:\n\n{}",
        "The following is a report on tea.\n\n{}",
        "As requested, here is the report:\n\n{}",
        "Hello! Here is the report:\n\n{}",
        "Let me put together the report.\n\n{}",
        "I'll synthesize the findings into a report.\n\n{}",
        "I will now write the report.\n\n{}",
        "Absolutely — here's the report:\n\n{}",
        "Sure — here's a cross-referenced synthesis:\n\n{}",
        "Yes, of course! Here is the report:\n\n{}",
        "Certainly. Here is the research report on **tea**:\n\n{}",
        "Perfect! Here's the report:\n\n{}",
        "Excellent question! Here's an overview:\n\n{}",
        "Natürlich! Hier ist eine umfassende Zusammenfassung:\n\n{}",
        "Hier ist der zusammengefasste Bericht:\n\n{}",
        "Hier ist dein Bericht über Tee:\n\n{}",
        "Gern! Hier ein Überblick:\n\n{}",
        "Selbstverständlich. Nachfolgend finden Sie den Bericht:\n\n{}",
        "Auf Grundlage der Ergebnisse folgt hier der Bericht:\n\n{}",
        "Okay, hier ist der Bericht:\n\n{}",
        "Voici le rapport demandé :\n\n{}",
        "Bien sûr, voici une synthèse complète :\n\n{}",
        "Avec plaisir ! Voici un aperçu :\n\n{}",
        "Voici un rapport intégré sur le thé :\n\n{}",
        "Absolument ! Voici le rapport :\n\n{}",
        "Très bonne question ! Voici une réponse détaillée :\n\n{}",
        "¡Por supuesto! A continuación te presento el informe:\n\n{}",
        "Claro, aquí tienes un informe completo sobre el té:\n\n{}",
        "Aquí está el informe integrado:\n\n{}",
        "¡Con gusto! Este es el informe:\n\n{}",
        "Claro! Aqui está o relatório:\n\n{}",
        "Com certeza! Segue o relatório completo:\n\n{}",
        "Claro! Aqui vai o resumo:\n\n{}",
        "Aqui está um relatório abrangente sobre o chá:\n\n{}",
        "Certo! Ecco il rapporto:\n\n{}",
        "Certamente! Di seguito il resoconto:\n\n{}",
        "はい、以下がレポートです：\n\n{}",
        "承知いたしました。以下にレポートをまとめます。\n\n{}",
        "もちろんです！こちらが要約です：\n\n{}",
        "以下は、お茶に関する統合レポートです。\n\n{}",
        "かしこまりました。お茶についてのレポートを作成しました。\n\n{}",
        "好的，以下是综合报告：\n\n{}",
        "当然！这是关于茶的研究报告：\n\n{}",
        "好的，我来为您整理一份报告：\n\n{}",
        "以下是根据三个角度整合的研究报告：\n\n{}",
        "没问题！下面是报告：\n\n{}",
        "好的，這是您要的報告：\n\n{}",
        "根据提供的资料，以下是综合报告：\n\n{}",
        "네, 다음은 보고서입니다:\n\n{}",
        "물론이죠! 아래는 차에 대한 종합 보고서입니다.\n\n{}",
        "알겠습니다. 요청하신 보고서를 작성했습니다.\n\n{}",
        "다음은 차에 관한 통합 보고서입니다:\n\n{}",
        "네, 요청하신 보고서입니다:\n\n{}",
        "Конечно! Ниже представлен отчёт:\n\n{}",
        "Вот подробный отчёт о чае:\n\n{}",
        "Хорошо, вот итоговый отчет:\n\n{}",
        "Разумеется. Ниже приведён сводный обзор:\n\n{}",
        "Вот ваш отчёт:\n\n{}",
        "Natuurlijk! Hier is het rapport:\n\n{}",
        "Oczywiście! Oto raport:\n\n{}",
        "Tabii! İşte rapor:\n\n{}",
        "Sure! 😊 Here is the report:\n\n{}",
        "**Sure! Here is the report:**\n\n{}",
        "> Here is the report:\n\n{}",
        "Sure! Here is the report:\n***\n{}",
        "Here is your research report on the history of tea:\n\n{}",
        "Here's a detailed look at the topic:\n\n{}",
        "Here's a thorough synthesis of the three angles you shared:\n\n{}",
        "Here’s the final report, with all sections integrated:\n\n{}",
        "Below, I've merged the three findings into one report.\n\n{}",
        "I've synthesized the findings into the report below:\n\n{}",
        "I have carefully reviewed the findings. Here is the report:\n\n{}",
        "Thanks for sharing these findings! Here's the integrated report:\n\n{}",
        "Got it. Here's the report.\n\n{}",
        "Alright, let's dive into tea!\n\n{}",
        "Okay! Here's a breakdown:\n\n{}",
        "Of course! I'd be happy to help. Here is the report:\n\n{}",
        "Certainly! I'll provide an overview of tea.\n\n{}",
        "Sure, I can help with that! Here is a report:\n\n{}",
        "Sure! Below you'll find a report that merges the findings:\n\n{}",
        "Final report:\n\n{}",
        "Final Answer:\n\n{}",
        "**Final Report:**\n\n{}",
        "Report:\n\n{}",
        "Answer:\n{}",
        "Output:\n\n{}",
        "Assistant: Here is the report:\n\n{}",
        "Gerne, hier ist der gewünschte Bericht:\n\n{}",
        "Klar! Hier kommt der Bericht:\n\n{}",
        "Natürlich, ich habe die Ergebnisse zu einem Bericht zusammengeführt:\n\n{}",
        "Hier findest du eine Zusammenfassung der Ergebnisse:\n\n{}",
        "Im Folgenden findest du den Bericht:\n\n{}",
        "Vielen Dank für die Informationen! Hier ist der Bericht:\n\n{}",
        "D'accord, voici le rapport :\n\n{}",
        "Certainement ! Voici un rapport détaillé :\n\n{}",
        "Voici une synthèse des trois perspectives :\n\n{}",
        "Merci pour votre question ! Voici le rapport :\n\n{}",
        "¡Claro que sí! Aquí te dejo el informe:\n\n{}",
        "Por supuesto, aquí está el resumen:\n\n{}",
        "Aquí te presento un informe completo:\n\n{}",
        "A continuación se presenta el informe:\n\n{}",
        "Claro, aqui está o relatório:\n\n{}",
        "A seguir, apresento o relatório:\n\n{}",
        "Claro! Abaixo está a síntese:\n\n{}",
        "もちろんです。以下に要約を示します。\n\n{}",
        "以下にまとめました。\n\n{}",
        "はい、こちらがお茶に関するレポートです。\n\n{}",
        "ご依頼のレポートは以下の通りです。\n\n{}",
        "好的，这是一份综合报告：\n\n{}",
        "好的，为您整理如下：\n\n{}",
        "当然，以下是详细的报告：\n\n{}",
        "以下为综合研究报告：\n\n{}",
        "好的！根据您提供的三个视角，我整理了以下报告：\n\n{}",
        "네! 아래는 통합 보고서입니다:\n\n{}",
        "요청하신 내용을 바탕으로 작성한 보고서입니다.\n\n{}",
        "물론입니다. 다음은 차의 역사에 대한 보고서입니다.\n\n{}",
        "Конечно, вот отчёт:\n\n{}",
        "Да, конечно! Вот обзор:\n\n{}",
        "Представляю вашему вниманию отчёт:\n\n{}",
        "С удовольствием! Вот отчёт:\n\n{}",
    ],
)
def test_a_greeting_comes_off_in_any_words(wrapped: str) -> None:
    """Models announce their text in the language of the topic."""
    assert unwrapped(wrapped.format(BODY)) == BODY


@pytest.mark.parametrize(
    "wrapped",
    [
        "{}\n\nLet me know if you have any questions.",
        "{}\n\nLet me know if you'd like me to expand on any section! 😊",
        "{}\n\n*Let me know if you want changes.*",
        "{}\n\nHope this helps!",
        "{}\n\nI hope this report meets your needs.",
        "{}\n\nI hope this comprehensive report is useful to you!",
        "{}\n\nIf you have any further questions, feel free to ask.",
        "{}\n\nIf you'd like a deeper dive, just let me know!",
        "{}\n\nPlease let me know if you need anything else.",
        "{}\n\nFeel free to reach out with any questions.",
        "{}\n\nWould you like a shorter version?",
        "{}\n\nWould you like to explore one of these in more depth?",
        "{}\n\nDo you want me to turn this into slides?",
        "{}\n\nDo you have any questions?",
        "{}\n\nIs there anything else I can help with?",
        "{}\n\nThat's it! Let me know if you have questions.",
        "{}\n\nDoes this help? Let me know!",
        "{}\n\nIf you want, I can also add sources.",
        "{}\n\nI can also provide a timeline if you'd like.",
        "{}\n\nNeed more detail? Just ask!",
        "{}\n\nShould you require further information, please do not hesitate to ask.",
        "{}\n\nWant me to go deeper?",
        "{}\n\n---\n\nLet me know what you think!",
        "{}\n\nThank you for reading! Let me know...",
        "{}\n\nFor more information, just ask.",
        "{}\n\nI'm happy to elaborate on any of these points.",
        "{}\n\nWhat would you like to explore next?",
        "{}\n\nWhich of these would you like me to expand on?",
        "{}\nLet me know if you have any questions.",
        "{}\n\nI hope this helps!\n\nLet me know if you need more.",
        "{}\n\n> Would you like me to expand?",
        "{}\n\n**Would you like me to:**\n- expand a section?\n- add sources?",
        "{}\n\nSoll ich einen Abschnitt vertiefen?",
        "{}\n\nWenn Sie möchten, kann ich einzelne Abschnitte vertiefen.",
        "{}\n\nFalls du weitere Fragen hast, stehe ich gerne zur Verfügung.",
        "{}\n\nIch hoffe, das hilft dir weiter!",
        "{}\n\nMelde dich gerne, wenn du Fragen hast.",
        "{}\n\nHast du noch Fragen?",
        "{}\n\nBei Fragen stehe ich gerne zur Verfügung.",
        "{}\n\nLassen Sie es mich wissen, falls Sie mehr Details wünschen.",
        "{}\n\nMöchtest du, dass ich mehr dazu schreibe?",
        "{}\n\nSouhaitez-vous que je développe un point ?",
        "{}\n\nSi vous le souhaitez, je peux approfondir une section.",
        "{}\n\nN’hésitez pas si vous avez des questions !",
        "{}\n\nJ'espère que cela vous aide !",
        "{}\n\nVoulez-vous plus de détails ?",
        "{}\n\nSi vous avez d'autres questions, n'hésitez pas.",
        "{}\n\nAvez-vous d'autres questions ?",
        "{}\n\nJe reste à votre disposition pour toute question.",
        "{}\n\n¿Te gustaría que profundice en algún punto?",
        "{}\n\nSi quieres, puedo ampliar cualquier sección.",
        "{}\n\nEspero que esto te sea útil.",
        "{}\n\nNo dudes en preguntar.",
        "{}\n\n¿Hay algo más en lo que pueda ayudarte?",
        "{}\n\nSi tienes más preguntas, no dudes en preguntar.",
        "{}\n\n¿Necesitas algo más?",
        "{}\n\nDime si quieres que añada fuentes.",
        "{}\n\nQuedo a tu disposición para cualquier duda.",
        "{}\n\nEspero que isso ajude!",
        "{}\n\nSe quiser, posso detalhar algum ponto.",
        "{}\n\nSe precisar de mais informações, é só avisar!",
        "{}\n\nGostaria que eu aprofundasse alguma seção?",
        "{}\n\nFico à disposição para dúvidas.",
        "{}\n\nPosso ajudar com mais alguma coisa?",
        "{}\n\nSe vuoi, posso approfondire.",
        "{}\n\nFammi sapere se hai domande.",
        "{}\n\nSpero che ti sia utile!",
        "{}\n\nご不明な点がございましたら、お気軽にお尋ねください。",
        "{}\n\n何かご質問があればお知らせください。",
        "{}\n\nさらに詳しく知りたい点があれば教えてください。",
        "{}\n\n他に知りたいことはありますか？",
        "{}\n\nお役に立てれば幸いです。",
        "{}\n\n必要であれば、各セクションをさらに掘り下げます。",
        "{}\n\nもっと詳しい説明が必要な場合は、お気軽にお申し付けください。",
        "{}\n\n希望这对您有帮助！",
        "{}\n\n如有任何问题，请随时告诉我。",
        "{}\n\n需要我进一步展开某一部分吗？",
        "{}\n\n您希望我补充更多细节吗？",
        "{}\n\n如果你愿意，我可以继续展开其中任何一点。",
        "{}\n\n如果需要，我可以提供参考文献。",
        "{}\n\n还有其他问题吗？",
        "{}\n\n希望這份報告對您有幫助。",
        "{}\n\n欢迎随时提问！",
        "{}\n\n도움이 되셨기를 바랍니다!",
        "{}\n\n더 궁금한 점이 있으시면 언제든지 말씀해 주세요.",
        "{}\n\n추가 정보가 필요하시면 알려주세요.",
        "{}\n\n원하시면 더 자세히 설명해 드릴 수 있습니다.",
        "{}\n\n더 자세한 내용이 필요하신가요?",
        "{}\n\n궁금한 점이 있으면 물어보세요.",
        "{}\n\n어떤 부분을 더 자세히 알고 싶으신가요?",
        "{}\n\nЕсли у вас есть вопросы, дайте мне знать.",
        "{}\n\nХотите, я расскажу подробнее?",
        "{}\n\nНадеюсь, это поможет!",
        "{}\n\nЕсли хотите, могу подробнее раскрыть любой раздел.",
        "{}\n\nБуду рад ответить на вопросы.",
        "{}\n\nОбращайтесь, если возникнут вопросы!",
        "{}\n\nНужно ли раскрыть какой-либо раздел подробнее?",
        "{}\n\nНужна ли дополнительная информация?",
        "{}\n\n(Let me know if you'd like more.)",
        "{}\n\n_Word count: 352_",
        "{}\n\n[End of report]",
        "{}\n\n--- End of Report ---",
        "{}\n\n**End of report.**",
        "{}\n\nI'd be happy to dig deeper into any section.",
        "{}\n\nWould you like me to add citations or examples?",
        "{}\n\nIf you need more details on any of these, just let me know.",
        "{}\n\nPlease feel free to ask if you have follow-up questions.",
        "{}\n\nLet me know which section you'd like to expand!",
        "{}\n\nI hope this report provides a useful overview.",
        "{}\n\nIf you'd like, I can also produce a one-page version.",
        "{}\n\nHappy to adjust the tone or length.",
        "{}\n\nAny questions?",
        "{}\n\nShall I go on?",
        "{}\n\nCan I help you with anything else?",
        "{}\n\nI can expand on any section if needed.",
        "{}\n\nIf this helps, let me know!",
        "{}\n\nHappy to help further!",
        "{}\n\nFeel free to let me know if you want sources.",
        "{}\n\n✅ Let me know if you'd like this as a PDF.",
        "{}\n\nAsk me anything else!",
        "{}\n\nCheers!",
        "{}\n\nIs this what you were looking for?",
        "{}\n\nDoes this meet your needs?",
        "{}\n\nHow else can I help?",
        "{}\n\nWould a table help?",
        "{}\n\nShould I expand any section?",
        "{}\n\nGib mir Bescheid, wenn du mehr brauchst.",
        "{}\n\nWenn du magst, vertiefe ich gerne einen Abschnitt.",
        "{}\n\nKann ich sonst noch etwas für dich tun?",
        "{}\n\nIch hoffe, dieser Bericht ist hilfreich.",
        "{}\n\nBenötigen Sie weitere Informationen?",
        "{}\n\nWünschen Sie weitere Details?",
        "{}\n\nPuis-je vous aider avec autre chose ?",
        "{}\n\nDites-moi si vous voulez plus de détails.",
        "{}\n\nSouhaitez-vous en savoir plus ?",
        "{}\n\nJ’espère que ce rapport vous sera utile.",
        "{}\n\n¿Quieres que profundice?",
        "{}\n\n¿Te gustaría saber más?",
        "{}\n\n¿Puedo ayudarte con algo más?",
        "{}\n\nEspero que este informe te resulte útil.",
        "{}\n\nSi necesitas más detalles, házmelo saber.",
        "{}\n\nQuer que eu aprofunde algum ponto?",
        "{}\n\nEspero ter ajudado!",
        "{}\n\nSe tiver mais perguntas, fique à vontade para perguntar.",
        "{}\n\nGostaria de saber mais?",
        "{}\n\nこの情報がお役に立てば幸いです。",
        "{}\n\nご質問があれば、お気軽にどうぞ。",
        "{}\n\n詳しく知りたい部分はありますか？",
        "{}\n\n如果您有任何问题，欢迎随时提问。",
        "{}\n\n希望以上内容对您有所帮助！",
        "{}\n\n您还想了解什么？",
        "{}\n\n是否需要我补充参考文献？",
        "{}\n\n请问还需要补充哪些内容？",
        "{}\n\n추가로 궁금한 점이 있으신가요?",
        "{}\n\n더 알고 싶은 부분이 있나요?",
        "{}\n\n도움이 되었으면 좋겠습니다.",
        "{}\n\n질문이 있으시면 언제든지 문의하세요.",
        "{}\n\nЕсли нужно, могу расширить любой раздел.",
        "{}\n\nМогу ли я помочь чем-то ещё?",
        "{}\n\nДайте знать, если нужны подробности.",
        "{}\n\nХотите узнать больше?",
        "{}\n\nНадеюсь, отчёт был полезен.",
        "{}\n\nЕсли у вас остались вопросы, задавайте!",
    ],
)
def test_an_offer_comes_off_in_any_words(wrapped: str) -> None:
    """Nobody reads a thread to be asked what else the model may do."""
    assert unwrapped(wrapped.format(BODY)) == BODY


@pytest.mark.parametrize(
    "text",
    [
        "Here is where the reactor was built.\n\nIt ran for ten years.",
        "Here is where the reactor was built: a squash court.\n\nIt ran.",
        "Here is what the report of 1972 found:\n\n- growth ends",
        "Here are the findings of the Warren report:\n\n1. Oswald acted alone.",
        "Below are the three main findings that shaped tea:\n\n- trade",
        'Chatbots end politely.\n\n"Let me know if you need anything else" is the stock phrase of 2023.',
        "Chatbots end politely.\n\n“Let me know if you need anything else.”",
        "Chatbots end politely.\n\nLet me know is the phrase they use most.",
        "Tea is old.\n\nIf you want to know more, the British Library keeps the ledgers.",
        "Tea is old.\n\nWould you like some tea? was the standard greeting of the trade.",
        "Tea is old.\n\n- Let me know\n- Feel free to ask",
        "Sure, tea is old.\n\nIt is.",
        "Certain teas are old.\n\nThey are.",
        "OK Computer is an album.\n\nIt came out in 1997.",
        "Okay: the word is from Boston.\n\nIt spread.",
        "This is my answer to the report by Smith: tea is old.\n\nMore.",
        "Hier ist der Tee zu Hause.\n\nSeit langem.",
        "Voici is a French word.\n\nIt means here is.",
        "Claro is a telecom company: it is in Brazil.\n\nMore.",
        "Natürlich ist Tee alt.\n\nJa.",
        "Klar, Tee ist alt.\n\nJa.",
        "当然，茶很古老。\n\n是的。",
        "はい、と答えた。\n\nおわり。",
        "以下是三个原因：\n\n- 贸易",
        "이것은 보고서가 아니다.\n\n끝.",
        "Tee ist alt.\n\nSoll ich oder soll ich nicht, fragt Hamlet.",
        "Tee ist alt.\n\nZal is a hero of the Shahnameh.",
        "Tea is old.\n\nFeel Free is an essay collection by Zadie Smith.",
        "Tea is old.\n\nHappy to help was the motto of the East India Company.",
        "Tea is old.\n\nShall I compare thee to a summer's day is sonnet 18.",
        "Tea is old.\n\nTell me if you can, asked Kant, what reason may know.",
        "Tea is old.\n\nI hope this letter finds you, wrote Darwin in 1860.",
        "Tea is old.\n\nOto is a people of Nebraska.",
        "Oto is a people of Nebraska: a report says 2,000 members.\n\nMore.",
        "Tea is old.\n\n希望这个词来自佛教。",
        "Tea is old.\n\nSi vous plaît.",
        "Ask:\n\n```\nLet me know\n```",
        "The prompt is:\n\n```markdown\n# Title\nSome words that are in a sentence of eight\n```\n\nIt works.",
        "So here is the summary of the law: nobody pays.\n\nMore.",
        "Great Expectations: a novel.\n\nBy Dickens.",
        "Absolutely! was the slogan of the brand.\n\nMore.",
        "Yes! is a book.\n\nMore.",
        "Certo! Magazine began in 1977.\n\nIt ended.",
        "Claro! was sold.\n\nMore.",
        "OK! is a British magazine.\n\nIt began in 1993.",
        "Of course, there are limits.\n\nMore.",
        "Hello! Project is a Japanese brand of singers.\n\nIt began in 1998.",
        "Hello, World! is the first program that people write.\n\nIt is old.",
        "Here are the reasons that the analysis of 2019 gave:\n\n1. Trade\n2. Tax",
        "Based on the treaty, the report of 1921 demanded two things:\n\n- gold\n- coal",
        "Let me be clear, said Obama.\n\nHe was.",
        "Perfect! is what the reviews said.\n\nMore.",
        "Tea is old.\n\nShould machines decide, or people?",
        "Tea is old.\n\nНужно ли регулировать рынок?",
        "Tea is old.\n\nIf you want more caffeine, coffee has twice as much.",
        "Tea is old.\n\n- Would you like sugar\n- Would you like milk",
        "Phrases of clerks:\nYes\n- Let me know",
        "Tea is old.\n\n도움이 되는 것은 온도이다.",
        "Tea is old.\n\n如果需要更高的温度，水会沸腾。",
        "Tea is old.\n\nThat's all that is known of its beginning.",
        "Tea is old.\n\n«Si vous voulez, je peux venir», écrivait Proust.",
        "Tea is old.\n\nHappy to oblige, the emperor signed.",
        "Tea is old.\n\nDoes this help explain its price?",
        "Tea is old.\n\nCan we ever know more?",
        "Tea is old.\n\n더 나은 방법이 있나요?",
        "Tea is old.\n\nWould you trust a machine with it?",
        "Report: tea is old.\n\nIt is.",
        "Answers\n\nThere are two.",
        "Assistant: the word is Latin.\n\nIt means one who stands by.",
        "Tea is old.\n\nIch hoffe auf besseren Tee, schrieb Goethe.",
        "Tea is old.\n\nPuis-je, disait-on, servir le thé ?",
    ],
)
def test_words_that_only_look_like_a_greeting_or_an_offer_stay(text: str) -> None:
    """A text about chatbots, a quotation and a name are content."""
    assert unwrapped(text) == text


GREETINGS = [
    "",
    "Sure! Here is the report:\n\n",
    "Bien sûr, voici le rapport :\n\n",
    "好的，以下是综合报告：\n\n",
    "Report:\n",
]
OFFERS = ["", "\n\nHope this helps!", "\n\nSoll ich mehr dazu schreiben?", "\n\n---\n\nLet me know.\n\n[End of report]"]
said = st.lists(st.from_regex(r"[A-Z][a-z]{2,7}( [a-z]{2,7}){4,9}\\.", fullmatch=True), min_size=1, max_size=5)


@given(
    said.map("\n\n".join),
    *(st.sampled_from(GREETINGS), st.sampled_from(OFFERS)) * 2,
    st.sampled_from(["{}", "```markdown\n{}\n```", "~~~md\n{}\n~~~", "<report>\n{}\n</report>"]),
)
def test_wrapping_comes_off_in_any_combination_and_takes_no_word(
    text: str, before: str, behind: str, within: str, end: str, fence: str
) -> None:
    """What is said between is all there, and alone."""
    body = f"## Tea\n{text}"
    inner = fence.format(f"{within}{body}{end}")
    assert unwrapped(f"{before}{inner}{behind}") == body


def test_a_text_that_is_nothing_but_wrapping_costs_no_time() -> None:
    """Whoever makes a model write one greeting on another must not hold up everybody."""
    for text in ("Sure!\n" * 6_600, "a" + "\n\nLet me know" * 3_000, "```markdown\n" * 3_000):
        begun = time.process_time()
        unwrapped(text)
        assert time.process_time() - begun < 5  # what grows with the square takes minutes


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("# Historical Overview\nTea.", "Tea."),
        ("**Historical**\n\nTea.", "Tea."),
        ("## Historical Angle: tea\n\nTea.", "Tea."),
        ("Historical Overview\n===\nTea.", "Tea."),
        ("<h2>Historical Overview of Tea</h2>\n<p>Tea.</p>", "<p>Tea.</p>"),
        ("# From leaf to empire\nTea.", "# From leaf to empire\nTea."),
        ("Tea is old.\n\n## Historical\nYes.", "Tea is old.\n\n## Historical\nYes."),
        ("# Historical", "# Historical"),
    ],
)
def test_a_heading_that_repeats_our_title_goes(text: str, left: str) -> None:
    """The message has that title already; a heading that says more stays."""
    assert untitled(text, "Historical", "Historical Overview", "tea") == left
