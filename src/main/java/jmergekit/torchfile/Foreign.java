package jmergekit.torchfile;

/// A Python class or function that the reader knows nothing of, or an object that one makes. Neither
/// is looked up, loaded or run: only its name is kept, and whether tensors went into it.
final class Foreign implements Pickled {
    private final String name;
    private final boolean isObject;
    private boolean holdsTensors;

    private Foreign(String name, boolean isObject) {
        this.name = name;
        this.isObject = isObject;
    }

    /// @param name of the module and the class, joined by a dot
    static Foreign type(String name) {
        return new Foreign(name, false);
    }

    /// What comes of a call.
    ///
    /// @param name of what is called, or made
    static Foreign made(String name, Pickled arguments) {
        Foreign made = new Foreign(name, true);
        made.takeIn(arguments);
        return made;
    }

    /// Whether it may be a model as Python knows it, in place of its tensors.
    boolean isWholeModel() {
        return holdsTensors && !isOfTorch();
    }

    /// Whether PyTorch itself has it: then it may be a tensor of some kind.
    boolean isOfTorch() {
        return name.startsWith("torch.");
    }

    String name() {
        return name;
    }

    @Override
    public String kind() {
        return (isObject ? "an object of '" : "the class '") + name + "'";
    }

    @Override
    public boolean holdsTensors() {
        return holdsTensors;
    }

    /// Takes arguments, items or attributes, and lets them go.
    void takeIn(Pickled part) {
        holdsTensors |= part.holdsTensors();
    }
}
