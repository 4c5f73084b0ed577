// A product as a tool found it: the numbers of that moment, with the way to its page.
function ProductCard({ props }) {
  return (
    <section className={`ss-card ${props.low ? 'ss-waits' : 'ss-quiet'}`} aria-label={props.title}>
      <header>
        <h3>
          <a href={props.href}>{props.title}</a>
        </h3>
        <span className="ss-code">{props.sku}</span>
      </header>
      <dl>
        {props.facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const Lasting = window.lasting('ProductCard', ProductCard);
export default <Lasting props={props} />;
