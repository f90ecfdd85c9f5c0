package jmergekit.method.reference;

/// Weighted mean of directions on the sphere: models are projected onto the plane that touches it at
/// their mean direction, averaged there, and brought back; as long as the models are on average.
///
/// Source: Goddard, "Multi-SLERP", the method's own description.
public final class MultislerpReference {
    private MultislerpReference() {}

    /// @param weights as they are: they are not divided by their sum
    /// @param eps added to norms, against division by 0
    public static double[] merge(double[][] models, double[] weights, double eps) {
        double[][] units = new double[models.length][];
        double[] mean = new double[models[0].length];
        double size = 0;
        for (int m = 0; m < models.length; m++) {
            double norm = DoubleVectors.norm(models[m]);
            size += weights[m] * norm;
            units[m] = DoubleVectors.scaled(models[m], 1 / (norm + eps));
            mean = DoubleVectors.sum(1, mean, weights[m], units[m]);
        }
        mean = DoubleVectors.scaled(mean, 1 / DoubleVectors.norm(mean));
        double[] tangent = new double[mean.length];
        for (int m = 0; m < models.length; m++) {
            double along = DoubleVectors.dot(units[m], mean);
            double[] projected = DoubleVectors.sum(1, units[m], -along, mean);
            tangent = DoubleVectors.sum(1, tangent, weights[m], projected);
        }
        double angle = DoubleVectors.norm(tangent) + eps;
        return DoubleVectors.sum(
                size * Math.cos(angle), mean, size * Math.sin(angle) / angle, tangent);
    }
}
