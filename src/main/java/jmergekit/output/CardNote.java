package jmergekit.output;

import java.util.List;
import jmergekit.publish.OutputFile;

/// A section of a card that is known only after the tensors are written.
public final class CardNote {
    private static final String CARD = "README.md";

    private CardNote() {}

    /// The files with one more section in the card, if they include a card.
    public static List<OutputFile> added(String title, String text, List<OutputFile> files) {
        return files.stream()
                .map(f -> isCard(f) ? with((OutputFile.Text) f, title, text) : f)
                .toList();
    }

    private static boolean isCard(OutputFile file) {
        return file instanceof OutputFile.Text && file.name().equals(CARD);
    }

    private static OutputFile with(OutputFile.Text card, String title, String text) {
        return new OutputFile.Text(
                card.name(), "%s\n### %s\n\n%s\n".formatted(card.text(), title, text));
    }
}
