package jmergekit.transplant;

/// The places where a model has rows for tokens.
public enum Side {
    EMBEDDINGS("embeddings"),
    HEAD("head");

    private final String text;

    Side(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
