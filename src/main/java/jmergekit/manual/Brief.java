package jmergekit.manual;

/// Descriptions shortened to a line.
final class Brief {
    private static final int LONGEST = 70;

    private Brief() {}

    /// The first sentence without its full stop, or as much of it as fits.
    static String of(String text) {
        int end = text.indexOf(". ");
        String first = (end < 0 ? text : text.substring(0, end)).replaceFirst("\\.$", "");
        if (first.length() <= LONGEST) {
            return first;
        }
        int space = first.lastIndexOf(' ', LONGEST - 1);
        return first.substring(0, space < 0 ? LONGEST - 1 : space).replaceFirst("[,;:]$", "") + "…";
    }
}
