package jmergekit.torchfile;

/// A Python class or function that the reader does not know, or an object made by one. Neither is
/// looked up, loaded or run: only its name is kept, and whether tensors went into it.
final class Foreign implements Pickled {
    private final String name;
    private final boolean isObject;
    private boolean holdsTensors;

    private Foreign(String name, boolean isObject) {
        this.name = name;
        this.isObject = isObject;
    }

    /// @param name the module and the class, joined by a dot
    static Foreign type(String name) {
        return new Foreign(name, false);
    }

    /// The result of a call.
    ///
    /// @param name the name of the called function, or of the object's class
    static Foreign made(String name, Pickled arguments) {
        Foreign made = new Foreign(name, true);
        made.takeIn(arguments);
        return made;
    }

    /// Whether it may be a model as a Python object, instead of its tensors.
    boolean isWholeModel() {
        return holdsTensors && !isOfTorch();
    }

    /// Whether PyTorch itself defines it: then it may be a tensor of some type.
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

    /// Accepts arguments, items or attributes, and discards them.
    void takeIn(Pickled part) {
        holdsTensors |= part.holdsTensors();
    }
}
